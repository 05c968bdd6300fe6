import type { Generated } from 'kysely'

interface ScrubSpaceTable {
  space: string
  /** First entry not read back in this round. */
  next: number
  /** When a round over this space ended, ms; null before the first. */
  checked_at: number | null
  /** When somebody asked for it to be read back; null once it was. */
  asked_at: Generated<number | null>
  /** When putting it right was last tried in vain, ms; null while nothing is wrong. */
  tried_at: Generated<number | null>
  not_mended: Generated<string | null>
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
