import type { ColumnType } from 'kysely'

/** One step of set-up, or one of its secrets (hashed). */
export interface SetUpTable {
  key: string
  value: ColumnType<unknown, string, string>
}

export interface PageTestTable {
  id: string
  person: string
  sent_at: number
  acknowledged_at: number | null
}

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.set_up': SetUpTable
    'home.page_test': PageTestTable
  }
}
