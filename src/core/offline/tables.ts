declare module '../storage/tables.ts' {
  interface Tables {
    /** Browsers on which a person keeps pages. */
    'home.offline_device': {
      /** Also the cookie by which the browser is known. */
      id: string
      person: string
      label: string
      on_at: number
      /** Pages were fetched to be kept, or the device was told to forget them. */
      seen_at: number
      off_at: number | null
    }
  }
}

export {}
