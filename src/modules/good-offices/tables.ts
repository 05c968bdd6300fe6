declare module '../../core/storage/tables.ts' {
  interface Tables {
    /** One row per space that belongs to good offices and in which something was said of them as a whole. */
    'view.good_offices_state': {
      space: string
      consented_by: string | null
      consented_at: number | null
      ended_by: string | null
      ended_party: string | null
      ended_at: number | null
    }
    'view.good_offices_said': {
      space: string
      hash: string
      idx: number
      author: string
      /** `keep`, `ask-first` or `may-pass`; null for what the mediator passed on. */
      passing: string | null
      allowed_by: string | null
      at: number
    }
    'view.good_offices_text': {
      space: string
      hash: string
      idx: number
      version: number
      text_hash: string
      open_brackets: number
      at: number
      agreed_by: string | null
      agreed_at: number | null
    }
    'view.good_offices_answer': {
      space: string
      hash: string
      idx: number
      party: string
      text: string
      text_hash: string
      answer: string
      at: number
    }
    /** At the mediator's alone: from what a word that it passed on was taken. The draft's id is the act's. */
    'home.good_offices_passed': { draft: string; said: string }
  }
}
