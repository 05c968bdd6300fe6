declare module '../storage/tables.ts' {
  interface Tables {
    /** A room we are in, as its key file and the sweep need it. */
    'home.off_record_room': {
      room: string
      space: string
      opener: string
      opened_at: number
      keep_ms: number
      until: number
      closed_at: number | null
      /** Name of the key file. */
      own: string
      invited: number
      /** First hour whose words are still here. */
      first_hour: number
      forgotten_at: number | null
    }
    'home.off_record_party': {
      room: string
      party: string
      act: string
      key: string
      /** Whoever opened the room: this party's node has the key. */
      keyed_at: number | null
      tries: number
      next_try: number
    }
    /** Nothing of it can be read without the key file. */
    'home.off_record_words': {
      room: string
      id: string
      hour: number
      ours: boolean
      nonce: string
      box: string
      stored_at: number
    }
    'home.off_record_delivery': { room: string; id: string; party: string; tries: number; next_try: number }
    'home.off_record_look': { room: string; person: string; at: number }
  }
}

export {}
