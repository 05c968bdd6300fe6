import type { Generated } from 'kysely'

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    /** What people of this house say about a draft: a record, and nothing of it is ever written into an act. */
    'home.draft_comment': {
      number: Generated<number>
      id: string
      draft: string
      /** Number of the paragraph it is about, with its first words as they stood; null: the whole. */
      paragraph: string | null
      excerpt: string | null
      /** Comment that it answers. */
      answers: string | null
      words: string
      person: string
      person_name: string
      at: number
      settled_by_name: string | null
      settled_at: number | null
    }
  }
}
