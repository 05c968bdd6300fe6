declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.brief_lines': {
      id: string
      incident: string
      lines: string[]
      by_person: string
      at: number
      cleared_by: string | null
      cleared_at: number | null
      /** What stood on the brief that was cleared. */
      cleared_as: string | null
    }
  }
}

export {}
