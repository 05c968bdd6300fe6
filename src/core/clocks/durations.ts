/// <reference lib="esnext.temporal" />

/** Longest duty we compute: beyond it a calendar says nothing that anybody agreed. */
const longestYears = 100

/** True for a positive ISO 8601 duration of at most a hundred years, such as `PT4H`, `P60D` or `P12M`. */
export function isDuration(text: string): boolean {
  try {
    const duration = Temporal.Duration.from(text)
    const total = duration.total({ unit: 'years', relativeTo: Temporal.PlainDate.from('2000-01-01') })
    return duration.sign > 0 && total <= longestYears
  } catch {
    return false
  }
}

/** True if this machine's time-zone data knows the zone. */
export function isZone(zone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}

/**
 * The instant (ms) a duration after `start`: hours, minutes and seconds are exact; years, months, weeks and
 * days are counted on the calendar of `zone`, keeping the time of day. 31 January + P1M is the last day of February.
 *
 * @throws RangeError if the duration or the zone is none.
 */
export function addDuration(start: number, duration: string, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).add(Temporal.Duration.from(duration))
    .epochMilliseconds
}

/** Last millisecond of a day (`YYYY-MM-DD`) in `zone`: what "by 1 March" means. */
export function endOfDay(day: string, zone: string): number {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1
}
