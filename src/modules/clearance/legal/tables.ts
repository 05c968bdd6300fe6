import type { Generated } from 'kysely'

declare module '../../../core/storage/tables.ts' {
  interface Tables {
    /** For which acts, and from when to when, this house wants a legal clearance before they are released. */
    'home.clearance_rule': {
      number: Generated<number>
      id: string
      type: string
      /** One form of that type as its body names it; null: all of them. */
      form: string | null
      /** First and last day, YYYY-MM-DD, UTC. */
      from_day: string
      until_day: string | null
      set_by_name: string
      set_at: number
      ended_by_name: string | null
      ended_at: number | null
    }
    /** What a legal adviser said of a draft as it stood. */
    'home.draft_clearance': {
      number: Generated<number>
      id: string
      draft: string
      approval: string
      decision: 'cleared' | 'remarks' | 'refused'
      words: string | null
      person: string
      person_name: string
      office: string
      at: number
    }
  }
}
