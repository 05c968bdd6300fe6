import type { Generated } from 'kysely'

export interface ReleaseRow {
  space: string
  /** Hash of the proposal. */
  hash: string
  idx: number
  author: string
  /** All of them, in order. */
  sides: string[]
  /** The time that binds: of the proposal, or what it was moved to. Scenario ms in a drill. */
  at_ms: number
  zone: string
  moves: string | null
  agreed_at: number | null
  closed_how: 'declined' | 'withdrawn' | null
  closed_by: string | null
  /** Agreed proposal that moved it last. */
  moved_by: string | null
}

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    'view.lines_release': ReleaseRow
    'view.lines_release_agreement': { space: string; proposal: string; party: string; hash: string; at: number }
    'view.lines_release_break': {
      space: string
      hash: string
      idx: number
      proposal: string
      author: string
      party: string
      happened_at: number
      zone: string
    }
    /** Which agreed release a line, or our read-out of an act, waits for; the newest row counts, an empty one frees it. */
    'home.lines_embargo': {
      id: string
      /** Id of a line, or hash of the act a read-out is of. */
      about: string
      space: string | null
      release: string | null
      by_person: string
      at: number
      ordinal: Generated<number>
    }
  }
}
