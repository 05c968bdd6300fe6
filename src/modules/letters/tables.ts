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
    /** A party without a node, by our own statement: each change is a row, the highest number counts. */
    'home.letters_party': {
      number: Generated<number>
      id: string
      party: string
      /** Space with ourselves alone in which letters to it stand. */
      space: string
      names: Record<string, string>
      email: string | null
      language: string
      noted_by: string
      noted_by_name: string
      noted_at: number
    }
    /** How a letter left: `mail` (queued, sending, sent, failed, unsure, bounced) or `hand` (handed). */
    'home.letters_dispatch': {
      id: string
      act: string
      way: string
      state: string
      address: string | null
      handed_by: string | null
      handed_to: string | null
      on_date: string | null
      /** SHA-256 of the PDF that left. */
      sheet_hash: string | null
      attempts: number
      last_error: string | null
      noted_by: string
      noted_by_name: string
      noted_at: number
      changed_at: number
    }
    /** What we noted that the other side did with a letter: ours alone, never a word of theirs on a record. */
    'home.letters_word': {
      number: Generated<number>
      id: string
      act: string
      kind: string
      on_date: string
      who: string | null
      their_ref: string | null
      words: string | null
      noted_by: string
      noted_by_name: string
      noted_at: number
    }
    /** One official, one letter, one code. Neither the link nor the code can be read from here. */
    'home.letters_invitation': {
      id: string
      act: string
      official: string
      address: string
      language: string
      token_hash: Buffer
      code_hash: Buffer
      tries: number
      expires_at: number
      mail_state: string
      mail_error: string | null
      withdrawn_at: number | null
      read_at: number | null
      acknowledged_at: number | null
      vouched_by: string
      vouched_by_name: string
      invited_at: number
    }
  }
}
