/** How exactly a time is known. `before` and `after` bound it by a minute. */
export const precisions = ['minute', 'day', 'month', 'before', 'after', 'unknown'] as const
export type Precision = (typeof precisions)[number]

/** A time as it was told: in its own zone, no more exact than it is known. */
export interface When {
  precision: Precision
  /** `2026-11-17T02:14`, `2026-11-17` or `2026-11`; empty where nothing is known. */
  local: string
  /** IANA name. */
  zone: string
}

/** A stretch of time, ms; a side that nothing bounds is left out. */
export interface Stretch {
  from?: number
  until?: number
}

/** Nothing that is kept here happened before there were networks: an earlier year is a slip of the keyboard. */
export const firstYear = 1970

/** What of a time is wrong, by the field to blame; undefined where it can have been. */
export function faultOf({ precision, local, zone }: When): { field: 'when' | 'zone'; code: string } | undefined {
  if (precision === 'unknown') return undefined
  if (!isKnownZone(zone)) return { field: 'zone', code: 'no-such-zone' }
  const shape = precision === 'day' ? /^\d{4}-\d\d-\d\d$/ : precision === 'month' ? /^\d{4}-\d\d$/ : minuteShape
  if (!shape.test(local))
    return { field: 'when', code: `shape-${precision === 'day' || precision === 'month' ? precision : 'minute'}` }
  try {
    if (precision === 'month') Temporal.PlainYearMonth.from(local, { overflow: 'reject' })
    else if (precision === 'day') Temporal.PlainDate.from(local, { overflow: 'reject' })
    else Temporal.PlainDateTime.from(local, { overflow: 'reject' })
  } catch {
    return { field: 'when', code: 'impossible-date' }
  }
  if (Number(local.slice(0, 4)) < firstYear) return { field: 'when', code: 'long-ago' }
  if (precision === 'day' || precision === 'month') return undefined
  // An hour that clocks leave out in spring was on no clock there.
  const clock = Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toPlainDateTime()
  return clock.equals(Temporal.PlainDateTime.from(local)) ? undefined : { field: 'when', code: 'skipped-hour' }
}

const minuteShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/

function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** The instants a sound time can mean: a minute, a whole day or month of its zone, or one side of a minute. */
export function stretchOf({ precision, local, zone }: When): Stretch {
  if (precision === 'unknown') return {}
  if (precision === 'month') {
    const month = Temporal.PlainYearMonth.from(local)
    return between(month.toPlainDate({ day: 1 }), month.add({ months: 1 }).toPlainDate({ day: 1 }), zone)
  }
  if (precision === 'day') {
    const day = Temporal.PlainDate.from(local)
    return between(day, day.add({ days: 1 }), zone)
  }
  const ms = Temporal.PlainDateTime.from(local).toZonedDateTime(zone).epochMilliseconds
  if (precision === 'before') return { until: ms }
  return precision === 'after' ? { from: ms } : { from: ms, until: ms }
}

const between = (from: Temporal.PlainDate, next: Temporal.PlainDate, zone: string): Stretch => ({
  from: from.toZonedDateTime(zone).epochMilliseconds,
  until: next.toZonedDateTime(zone).epochMilliseconds - 1,
})

/** Earliest first; what begins at no known moment stands by its end, and what nobody can date comes last. */
export function orderOf(when: When): number {
  const { from, until } = stretchOf(when)
  return from ?? until ?? Number.POSITIVE_INFINITY
}

/** A day lasts this long from where it begins first on the globe to where it ends last. */
const dayAnywhereMs = 50 * 3_600_000
const aheadMs = 14 * 3_600_000

/** Whether a day on which something was known, wherever that was, ended before the event can have begun. */
export function isKnownTooEarly(when: When | undefined, knownSince: string): boolean {
  const from = when && stretchOf(when).from
  return from !== undefined && Date.parse(`${knownSince}T00:00:00Z`) - aheadMs + dayAnywhereMs <= from
}
