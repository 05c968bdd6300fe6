interface ScrubSpaceTable {
  space: string
  /** First entry not read back in this round. */
  next: number
  /** When a round over this space ended, ms; null before the first. */
  checked_at: number | null
}

interface ScrubFaultTable {
  space: string
  what: string
  idx: number | null
  detail: string
  found_at: number
  /** Null while it stands. */
  mended_at: number | null
  /** Party that gave the right bytes, or our own. */
  mended_from: string | null
}

interface RewriteDueTable {
  /** Table whose deleted rows still lie in its files. */
  name: string
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.scrub_space': ScrubSpaceTable
    'home.scrub_fault': ScrubFaultTable
    'log.rewrite_due': RewriteDueTable
  }
}

export {}
