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
}

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    'home.spill': SpillTable
  }
}
