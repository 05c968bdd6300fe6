declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.spaces_disclosure': {
      space: string
      /** Hash of the request. */
      request: string
      idx: number
      author: string
      purpose: string
      audience: string
      requested_at: number
    }
    'view.spaces_disclosure_act': { space: string; request: string; act: string }
    'view.spaces_disclosure_answer': {
      space: string
      request: string
      party: string
      answer: string
      hash: string
      answered_at: number
    }
    'view.spaces_admission': {
      space: string
      /** Act hash of the proposal. */
      proposal: string
      idx: number
      author: string
      party: string
      role: string
      /** Scenario ms in a drill, else real ms. */
      ends_at: number
      vetoed_by: string | null
      vetoed_act: string | null
      vetoed_at: number | null
    }
    /** How far a person has read a space: entries before `idx` were seen. */
    'home.read_mark': { person: string; space: string; idx: number }
  }
}
export {}
