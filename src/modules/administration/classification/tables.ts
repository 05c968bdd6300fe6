import type { ColumnType } from 'kysely'

export interface SpillTable {
  act: string
  space: string
  idx: number
  author: string
  /** As it stands in the marking. */
  class: string
  found_at: number
  purged_at: number | null
  purged_by: string | null
  /** Commitments of the files alone that are above the ceiling; null where the act is. */
  files: ColumnType<string[] | null, string | null, string | null>
}

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    'home.spill': SpillTable
  }
}
