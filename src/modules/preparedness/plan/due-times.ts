import { dueAt, type WorkingCalendar } from '../../../core/clocks/index.ts'
import type { Step } from './content.ts'

const minuteMs = 60_000

/** What the terms of a run are counted by. */
export interface Counting {
  /** ms. */
  startedAt: number
  /** When steps were done or departed from, ms. */
  answeredAt: ReadonlyMap<string, number>
  calendar: WorkingCalendar
  /** Zone in which working days begin and end. */
  zone: string
}

/**
 * When each step with a term is due, ms: counted from the start of the run, from when the step before it is due, or
 * from when that one was answered; not there until it was. Minutes run through nights and weekends; working days leave
 * out the days off of the house and the day they begin on, and end with the last of them.
 */
export function dueTimes(steps: readonly Step[], { startedAt, answeredAt, ...days }: Counting): Map<string, number> {
  const due = new Map<string, number>()
  for (const step of steps) {
    const { id, after, counts } = step
    const from = after === '' ? startedAt : (counts === 'done' ? answeredAt : due).get(after)
    const until = from === undefined ? undefined : endOf(step, from, days)
    if (until !== undefined) due.set(id, until)
  }
  return due
}

function endOf(
  { within, workingDays }: Step,
  from: number,
  days: Pick<Counting, 'calendar' | 'zone'>,
): number | undefined {
  if (workingDays !== null) return dueAt(from, { workingDays, ends: 'end-of-day' }, days)
  return within === null ? undefined : from + within * minuteMs
}

/** Whether a step is allowed the same time in every run: its term hangs on no other step's doing, and on no calendar. */
export function isFixed(steps: readonly Step[], { after, counts, workingDays }: Step): boolean {
  if (workingDays !== null) return false
  if (after === '') return true
  const before = steps.find(({ id }) => id === after)
  return counts === 'due' && before !== undefined && isFixed(steps, before)
}
