import type { Opening } from '../directory/index.ts'

/** Length of a span such as PT1H or PT30M, ms. */
export const spanMs = (within: string): number => Temporal.Duration.from(within).total('milliseconds')

/**
 * When a challenge falls due: after `within` of the hours that the contact promised, counted from `start` (ms).
 *
 * No opening at all: round the clock. After the last one known, every hour counts. Never earlier than `within`
 * after `start`.
 */
export function dueInOpenings(start: number, within: string, openings: readonly Opening[]): number {
  let left = spanMs(within)
  let reached = start
  for (const { from, until } of openings) {
    const begins = Math.max(reached, from)
    if (begins >= until) continue
    if (begins + left <= until) return begins + left
    left -= until - begins
    reached = until
  }
  return reached + left
}
