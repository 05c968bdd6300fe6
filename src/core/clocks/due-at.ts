/// <reference lib="esnext.temporal" />
import { addDuration, endOfDay } from './durations.ts'

/** Days on which nothing is done: 1 Monday to 7 Sunday, and single dates. */
export interface WorkingCalendar {
  weekend: readonly number[]
  holidays: readonly string[]
}

/** How long a term is: a duration or working days; with neither no clock runs. */
export interface TermLength {
  within?: string | undefined
  workingDays?: number | undefined
  /** To the second; when the day is over; or the same, moved on to a working day. */
  ends: 'exact' | 'end-of-day' | 'working-day'
}

const dayIn = (ms: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate()

const isWorking = (day: Temporal.PlainDate, { weekend, holidays }: WorkingCalendar): boolean =>
  !weekend.includes(day.dayOfWeek) && !holidays.includes(day.toString())

/**
 * When a term ends that began at `start` (ms), by the calendar of its law: hours run through nights, holidays and
 * changes of summer time; days and months are counted in `zone`; working days leave weekend and holidays out, and the
 * day of the start itself.
 *
 * @returns undefined where the law sets no length.
 */
export function dueAt(
  start: number,
  term: TermLength,
  { zone, calendar }: { zone: string; calendar: WorkingCalendar },
): number | undefined {
  if (term.workingDays !== undefined) {
    const last = nthWorkingDay(dayIn(start, zone), term.workingDays, calendar)
    return endOfDay(last.toString(), zone)
  }
  if (term.within === undefined) return undefined
  const exact = addDuration(start, term.within, zone)
  if (term.ends === 'exact') return exact
  let day = dayIn(exact, zone)
  if (term.ends === 'working-day') while (!isWorking(day, calendar)) day = day.add({ days: 1 })
  return endOfDay(day.toString(), zone)
}

function nthWorkingDay(from: Temporal.PlainDate, count: number, calendar: WorkingCalendar): Temporal.PlainDate {
  let day = from
  for (let left = count; left > 0; ) {
    day = day.add({ days: 1 })
    if (isWorking(day, calendar)) left -= 1
  }
  return day
}
