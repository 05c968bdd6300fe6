import { type Clock, type ClockState, nobodyOwes } from './types.ts'

/**
 * What a clock says at `now` (scenario ms in a drill, else real ms).
 * Met at the very instant it was due is in time. A requested deadline is never late: a sender cannot put a
 * sovereign on a clock, so it is `unanswered` at most.
 */
export function clockState(clock: Clock, now: number): ClockState {
  if (clock.metAt !== undefined) return inTime(clock, clock.metAt) ? 'met' : 'met-late'
  if (clock.cancelledBy !== undefined) return 'cancelled'
  if (now <= clock.dueAt) return 'running'
  if (clock.duty === nobodyOwes) return 'over'
  return clock.source === 'requested' ? 'unanswered' : 'overdue'
}

const inTime = (clock: Clock, metAt: number): boolean => metAt <= clock.dueAt || clock.source === 'requested'
