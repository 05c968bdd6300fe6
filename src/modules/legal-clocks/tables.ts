import type { ColumnType, Generated } from 'kysely'

type JsonColumn<T> = ColumnType<T, string, string>

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.legal_clocks_trigger': {
      ordinal: Generated<number>
      id: string
      /** Id of its first trigger; a correction is another row of the same matter. */
      matter: string
      incident: string
      regime: string
      role: string
      entity: string
      authority: string
      /** ms, the earliest moment that fits what is known. */
      aware_at: number
      precision: string
      /** Zone on whose calendar the law is counted. */
      zone: string
      who: string
      what: string
      /** Why it was corrected or withdrawn; empty for the first. */
      reason: string
      withdrawn: boolean
      /** Drill space on whose clock it runs; null: on that of the house. */
      clock_space: string | null
      by_person: string
      at: number
    }
    'home.legal_clocks_draft': {
      ordinal: Generated<number>
      id: string
      matter: string
      term: string
      fields: JsonColumn<Record<string, string>>
      by_person: string
      at: number
    }
    'home.legal_clocks_sent': {
      ordinal: Generated<number>
      id: string
      matter: string
      term: string
      year: number
      number: number
      sent_at: number
      way: string
      sent_to: string
      sent_by: string
      their_reference: string
      fields: JsonColumn<Record<string, string>>
      missing: string[]
      /** The trigger that stood when it was sent, and when it was due by that one. */
      trigger: string
      due_then: number | null
      by_person: string
      at: number
    }
  }
}
