import type { Step } from './content.ts'

const minuteMs = 60_000

/**
 * When each step with a term is due, ms: counted from the start of the run, or from when the step before it is due. It
 * follows from start and plan alone: a step done late moves no other.
 */
export function dueTimes(steps: readonly Step[], startedAt: number): Map<string, number> {
  const due = new Map<string, number>()
  for (const { id, within, after } of steps) {
    const from = after === '' ? startedAt : due.get(after)
    if (within !== null && from !== undefined) due.set(id, from + within * minuteMs)
  }
  return due
}
