declare module '../../core/storage/tables.ts' {
  interface Tables {
    'view.agreements_text': {
      space: string
      hash: string
      idx: number
      author: string
      text_hash: string
      languages: string[]
      superseded_by: string | null
      proposed_at: number
      /** Scenario ms when the last party agreed. */
      agreed_at: number | null
      resolved_space: string | null
      resolved_act: string | null
    }
    'view.agreements_party': {
      space: string
      proposal: string
      party: string
      agreed_by: string | null
      agreed_at: number | null
    }
    'view.agreements_commitment': {
      space: string
      proposal: string
      paragraph: string
      norm: string
      owner: string
      due: string
      zone: string
      in_force_at: number | null
      state: string
      reported_by: string | null
      reported_at: number | null
    }
  }
}
export {}
