import type { Generated } from 'kysely'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    /** What stands at the head of our letters beside our name; each change is a row, the highest number counts. */
    'home.letters_letterhead': {
      number: Generated<number>
      id: string
      /** Language → place that stands before the date. */
      place: Record<string, string>
      /** Address and telephone, line by line, under the name. */
      lines: string[]
      noted_by: string
      noted_by_name: string
      noted_at: number
    }
  }
}
