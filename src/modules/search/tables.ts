declare module '../../core/storage/tables.ts' {
  interface Tables {
    /** A question somebody keeps under a name, for themselves or for their office. */
    'home.search_view': {
      id: string
      /** Person or office it belongs to; one of the two. */
      person: string | null
      office: string | null
      name: string
      /** As in the address of a search. */
      query: string
      saved_by: string
      saved_at: number
    }
    /** A document somebody here is to deal with. The newest row of an act counts. */
    'home.search_assignment': {
      id: string
      act: string
      space: string
      /** Person or office that is to deal with it; neither: it is done. */
      person: string | null
      office: string | null
      note: string
      assigned_by: string
      assigned_at: number
      /** A later one took its place, or it was done. */
      ended_at: number | null
    }
  }
}
export {}
