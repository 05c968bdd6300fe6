declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.forums_item': { space: string; item: string; hash: string; idx: number }
    'view.forums_statement': {
      space: string
      hash: string
      idx: number
      item: string
      author: string
      kind: string
      to_act: string | null
      /** Scenario ms; null in rows from before it was kept. */
      at: number | null
    }
    'view.forums_draft': {
      space: string
      hash: string
      idx: number
      item: string
      author: string
      text_hash: string
      /** Scenario ms at which its last bracket was resolved. */
      clean_at: number | null
      /** Scenario ms; null in rows from before it was kept. */
      at: number | null
    }
    'view.forums_bracket': {
      space: string
      draft: string
      bracket: string
      options: number
      resolved_option: number | null
      resolved_by: string | null
    }
    'view.forums_sponsor': { space: string; draft: string; party: string; hash: string }
    'view.forums_resolution': {
      space: string
      hash: string
      idx: number
      draft: string
      bracket: string
      option: number
      author: string
    }
    'view.forums_seeking': {
      space: string
      hash: string
      idx: number
      proposal: string
      draft: string
      /** Scenario ms until which objections can be raised. */
      until: number
      declared_by: string | null
      /** Scenario ms; null in rows from before it was kept. */
      declared_at: number | null
    }
    'view.forums_objection': { space: string; sought: string; party: string; hash: string }
  }
}
export {}
