import type { Selectable } from 'kysely'
import type { Tables } from '../../core/storage/tables.ts'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    /** A request to which something was said beyond its acknowledgement. */
    'view.assistance_request': {
      space: string
      request: string
      state: string
      kept_until: string | null
      extension: string | null
      at: number
    }
    /** Every step that had an effect. */
    'view.assistance_step': {
      space: string
      hash: string
      idx: number
      request: string
      author: string
      step: string
      at: number
    }
    /** What was handed over, and how its terms stand. */
    'view.assistance_execution': {
      space: string
      hash: string
      request: string
      author: string
      recipient: string
      taken_first: boolean
      return_by: string | null
      delete_by: string | null
      taken_by: string | null
      taken_at: number | null
      disposed_by: string | null
      disposed_at: number | null
    }
    'view.assistance_oral': {
      space: string
      hash: string
      idx: number
      author: string
      addressee: string
      kind: string
      said_at: number
      at: number
    }
    /** An incident of ours to which a request belongs: by the id of its draft and act, and whose act it is. */
    'home.assistance_incident': { author: string; act_id: string; incident: string; by_person: string; at: number }
    /** Our own work on a request; lines are added, never changed. */
    'home.assistance_work': {
      id: string
      request: string
      kind: string
      words: string
      person: string | null
      by_person: string
      by_name: string
      at: number
    }
  }
}

export type StepRow = Selectable<Tables['view.assistance_step']>
export type ExecutionRow = Selectable<Tables['view.assistance_execution']>
export type OralRow = Selectable<Tables['view.assistance_oral']>
