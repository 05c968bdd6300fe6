declare module '../../core/storage/tables.ts' {
  interface Tables {
    /** Why somebody lets a draft go although it holds words under an embargo: a record, tied to one approval. */
    'home.embargo_noted': {
      id: string
      draft: string
      approval: string
      /** Keys of the words it was noted of. */
      held: string[]
      why: string
      person: string
      person_name: string
      at: number
    }
  }
}
export {}
