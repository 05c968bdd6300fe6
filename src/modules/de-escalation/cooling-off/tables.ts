import type { Term } from './acts.ts'

/** A proposal, and once it is agreed the period itself; one that prolongs another is never a period. Times in ms, scenario ms in a drill. */
export interface PeriodRow {
  space: string
  hash: string
  idx: number
  author: string
  /** All sides, in the order of their names. */
  sides: string[]
  from_at: number
  until_at: number
  /** Until that moment, or a later one agreed since. */
  ends_at: number
  zone: string
  terms: Term[]
  told: string
  instead_of: string | null
  prolongs: string | null
  closed_by: string | null
  closed_how: 'replaced' | 'declined' | 'withdrawn' | 'another-agreed' | null
  closed_party: string | null
  agreed_by: string | null
  agreed_at: number | null
  prolonged_by: string | null
  ended_by: string | null
  ended_party: string | null
  ended_at: number | null
}

export interface BreachRow {
  space: string
  hash: string
  idx: number
  proposal: string
  author: string
  /** Side whose term it is. */
  party: string
  term: string
  happened_at: number
  zone: string
  evidence: string[]
  at: number
}

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    'view.de_escalation_period': PeriodRow
    'view.de_escalation_agreement': { space: string; proposal: string; party: string; hash: string; at: number }
    'view.de_escalation_breach': BreachRow
    'view.de_escalation_answer': {
      space: string
      hash: string
      idx: number
      statement: string
      author: string
      at: number
    }
  }
}
