import type { Generated } from 'kysely'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.brief_clearance': {
      id: string
      incident: string
      cleared_by: string
      cleared_at: number
      /** What stood on the brief that was cleared. */
      cleared_as: string
      ordinal: Generated<number>
    }
  }
}
