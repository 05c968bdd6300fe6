import type { Generated } from 'kysely'

export const answers = ['coming', 'cannot'] as const
export type Answer = (typeof answers)[number]

declare module '../../../core/storage/tables.ts' {
  /** Rows are added and never changed. */
  interface Tables {
    /** A second person is asked for a line in a language, as it stood. */
    'home.lines_request': {
      id: string
      line: string
      language: string
      /** The wordings it is about, as a clearance names them. */
      cleared_as: string
      why: string
      by_person: string
      at: number
      ordinal: Generated<number>
    }
    /** Who was paged for it, and whether they were on duty then. */
    'home.lines_request_person': { request: string; person: string; on_duty: boolean }
    /** The newest answer of a person counts. */
    'home.lines_request_answer': {
      id: string
      request: string
      person: string
      answer: Answer
      words: string
      at: number
      ordinal: Generated<number>
    }
  }
}
