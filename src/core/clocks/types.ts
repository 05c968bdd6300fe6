/** Why a duty is due. Only `agreed` and `law` can be overdue: a sender cannot put a sovereign on a clock. */
export type DeadlineSource = 'agreed' | 'law' | 'requested'

export interface Clock {
  /** 32 hex, derived from starting act and regime. */
  id: string
  space: string
  /** What kind of duty, e.g. `acknowledge`, `reply`, `confirm-minutes`, `preserve`, `commitment`, `check`. */
  regime: string
  /** `house`: a day this party set itself, on a record of its own. */
  source: DeadlineSource | 'house'
  /** Party that owes it; {@link nobodyOwes} for a period that just ends. */
  duty: string
  /** Act that started it (act hash) and the act it is about. */
  startedBy: string
  about: string
  /** Part of the matter the duty is about, where one act puts several duties on one party (a paragraph). */
  item?: string
  /** Scenario ms in a drill, else real ms. */
  startsAt: number
  dueAt: number
  /** Set when fulfilled: act hash and (scenario) time. */
  metBy?: string
  metAt?: number
  cancelledBy?: string
  /** `clock.lapsed` that put the expiry on the record. */
  lapsedBy?: string
}

export type ClockState = 'running' | 'over' | 'met' | 'met-late' | 'overdue' | 'unanswered' | 'cancelled'

/** Scenario time of a drill space: a piecewise linear map from leaf time. */
export interface DrillClock {
  setAt: number
  scenario: number
  rate: number
}

/** In place of the party that owes: a clock of a period, such as a cooling-off. It runs out and nobody is late. */
export const nobodyOwes = ''
