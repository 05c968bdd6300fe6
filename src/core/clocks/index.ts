import { clocksTables } from './migrations/0001-clocks.ts'
import { settledSteps } from './migrations/0002-settled-steps.ts'

export { dueAt, type TermLength, type WorkingCalendar } from './due-at.ts'
export { addDuration, endOfDay, isDuration, isZone } from './durations.ts'
export { type LadderFor, type LadderStep, tick } from './escalation.ts'
export { lapsedAct } from './lapsed-act.ts'
export { cancelClock, type ClockMatch, clockId, type Duty, fulfil, fulfilledAt, startClock } from './projection.ts'
export { type ClockFilter, clocksAbout, endedClocks, findClock, openClocks } from './queries.ts'
export { clockState } from './state.ts'
export { type Clock, type ClockState, type DeadlineSource, type DrillClock, nobodyOwes } from './types.ts'

export const migrations = [clocksTables, settledSteps]
/** Tables in `view` that a rebuild drops and replays. */
export const views = ['view.clock'] as const
