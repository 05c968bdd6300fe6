/// <reference lib="esnext.temporal" />

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
