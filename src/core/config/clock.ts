import type { ClockSource } from './types.ts'

/** The machine's own clock. */
export const systemClock: ClockSource = { now: () => Date.now() }
