interface GenerationTable {
  space: string
  /** Commitment of the key set. */
  keys: string
  /** Hash over the recipients and their sealing keys. */
  readers: string
  /** Size of the space the key set was made at. */
  seen_size: number
  made_at: number
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.generation': GenerationTable
  }
}

export type { GenerationTable }
