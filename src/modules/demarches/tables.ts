import type { Generated } from 'kysely'

declare module '../../core/storage/tables.ts' {
  interface Tables {
    'home.demarche': {
      id: string
      subject: string
      objective: string
      talking_points: string[]
      level: string
      /** YYYY-MM-DD. */
      deliver_by: string | null
      /** What may be left behind: a form of note, or nothing. */
      leave_behind: string
      tlp: string
      capitals: string[]
      instructed_by: string
      instructed_by_name: string
      office: string
      instructed_at: number
    }
    'home.demarche_note': {
      number: Generated<number>
      id: string
      demarche: string
      capital: string
      /** `delivered` or `read-out`. */
      kind: string
      /** Day and hour there. */
      on_date: string
      at_time: string | null
      by_whom: string
      to_whom: string | null
      answer: string | null
      words: string | null
      noted_by: string
      noted_by_name: string
      noted_at: number
    }
  }
}
