/// <reference lib="esnext.temporal" />
import { addDuration, endOfDay } from '../../core/clocks/index.ts'
import type { RegimeFile, Term } from './regimes.ts'

type Calendar = Pick<RegimeFile, 'weekend' | 'holidays'>

const dayIn = (ms: number, zone: string): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate()

const isWorking = (day: Temporal.PlainDate, { weekend, holidays }: Calendar): boolean =>
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
  term: Pick<Term, 'within' | 'workingDays' | 'ends'>,
  { zone, calendar }: { zone: string; calendar: Calendar },
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

function nthWorkingDay(from: Temporal.PlainDate, count: number, calendar: Calendar): Temporal.PlainDate {
  let day = from
  for (let left = count; left > 0; ) {
    day = day.add({ days: 1 })
    if (isWorking(day, calendar)) left -= 1
  }
  return day
}

/** How exactly a moment is known. */
export const precisions = ['minute', 'hour', 'day'] as const
export type Precision = (typeof precisions)[number]

/**
 * The instant of a local time (`2026-11-10T09:30`) as far as it is known. An hour that comes twice is the first one, and
 * what is known by the hour or day begins when that does: a term counted so never ends later than the law's.
 *
 * @returns undefined for a time that the zone skipped, and for what is no time.
 */
export function awareAtOf(local: string, zone: string, precision: Precision): number | undefined {
  try {
    const typed = Temporal.PlainDateTime.from(local)
    if (precision === 'day') return typed.toPlainDate().toZonedDateTime(zone).epochMilliseconds
    const whole = precision === 'hour' ? typed.round({ smallestUnit: 'hour', roundingMode: 'floor' }) : typed
    const instant = whole.toZonedDateTime(zone, { disambiguation: 'earlier' })
    return instant.toPlainDateTime().equals(whole) ? instant.epochMilliseconds : undefined
  } catch {
    return undefined
  }
}
