import type { Generated } from 'kysely'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.off_record_room': {
      space: string
      hash: string
      idx: number
      /** Id of the opening act: our own key was prepared under it. */
      id: string
      opener: string
      key: string
      with_parties: string[]
      keep_ms: number
      until: number
      opened_at: number
      closed_at: number | null
      closed_by: string | null
    }
    'view.off_record_join': { space: string; room: string; party: string; hash: string; key: string; at: number }
    /** What this house allows its people; the newest row counts. */
    'home.off_record_rule': {
      id: string
      number: Generated<number>
      allowed: boolean
      words: string
      set_by: string
      set_by_name: string
      set_at: number
    }
  }
}
