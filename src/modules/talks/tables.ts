import type { Generated } from 'kysely'

export interface MeetingRow {
  space: string
  /** Hash of the proposal. */
  hash: string
  idx: number
  meeting: string
  author: string
  with_parties: string[]
  options: { at: number; minutes: number }[]
  zone: string
  /** How many proposals of the meeting came before, and cancellations: what calendars call its sequence. */
  sequence: number
  replaced_by: string | null
  /** Option that everybody asked confirmed. */
  chosen: number | null
  cancelled_by: string | null
  cancelled_party: string | null
  changed_at: number
}

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.talks_meeting': MeetingRow
    'view.talks_confirmation': {
      space: string
      proposal: string
      party: string
      option: number
      hash: string
      at: number
    }
    /** Remarks, delegations and read-outs, in the order of the record. */
    'view.talks_said': {
      space: string
      hash: string
      idx: number
      proposal: string
      kind: 'remark' | 'delegation' | 'read-out'
      author: string
      at: number
    }
    /** Our own read-out of talks: a record, the newest row counts. */
    'home.talks_read_out': {
      id: string
      proposal: string
      words: string
      person: string
      at: number
      ordinal: Generated<number>
    }
  }
}
