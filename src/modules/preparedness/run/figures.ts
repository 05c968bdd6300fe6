import { isFixed } from '../plan/due-times.ts'
import type { Run } from './read-runs.ts'

const minuteMs = 60_000

/** How long one step took, in minutes from the start of the run, beside what the plan allows. */
export interface StepFigure {
  step: string
  title: string
  /** Minutes from the start within which the version of the newest run wants it, where every run allows the same. */
  allowed?: number
  drills: number[]
  real: number[]
}

/** Of each step that was done in one of these runs: how long it took, drills and real ones apart. */
export function stepFigures(runs: readonly (Run & { isDrill: boolean })[]): StepFigure[] {
  const figures = new Map<string, StepFigure>()
  for (const run of runs)
    for (const { step, state, mark, dueAt } of run.steps) {
      const figure: StepFigure = figures.get(step.id) ?? {
        step: step.id,
        title: step.title,
        ...(dueAt !== undefined && isFixed(run.content.steps, step) && { allowed: (dueAt - run.startedAt) / minuteMs }),
        drills: [],
        real: [],
      }
      figures.set(step.id, figure)
      if (state !== 'done' || !mark) continue
      figure[run.isDrill ? 'drills' : 'real'].push((mark.at - run.startedAt) / minuteMs)
    }
  return [...figures.values()].filter(({ drills, real }) => drills.length + real.length > 0)
}

/** The middle of some figures; the mean of the two middle ones where they are even. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) / 2
  return ((sorted[Math.floor(at)] as number) + (sorted[Math.ceil(at)] as number)) / 2
}
