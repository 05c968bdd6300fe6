/** A wall-clock time that a zone skips, or has twice, when its clocks change. */
export type NoMoment = 'skipped' | 'twice'

/** The instant (ms) at which clocks in a zone show a date and a time; or why there is not exactly one. */
export function momentIn(zone: string, date: string, time: string): number | NoMoment {
  const local = Temporal.PlainDateTime.from(`${date}T${time}`)
  const earlier = local.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const later = local.toZonedDateTime(zone, { disambiguation: 'later' })
  if (earlier.epochMilliseconds === later.epochMilliseconds) return earlier.epochMilliseconds
  return earlier.toPlainDateTime().equals(local) ? 'twice' : 'skipped'
}
