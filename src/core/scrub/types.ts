/** Something stored that is not what was stored. */
export interface Fault {
  space: string
  /** `head`: size, root, time or checkpoint. `unreadable`: the database gives nothing back. */
  what: 'entry' | 'node' | 'head' | 'payload' | 'unreadable'
  /** Entry, where it is about one. */
  index?: number
  detail: string
}

/** Where what is lost here can be had again: any member that verifies. Undefined answers mean: not from this one. */
export interface Sources {
  /** Parties to ask, the host first. */
  membersOf(space: string): Promise<string[]>
  checkpoint(party: string, space: string): Promise<string | undefined>
  /** Leaves of a C2SP entry bundle. */
  entries(party: string, space: string, index: number, width: number): Promise<Uint8Array[] | undefined>
  /** salt ‖ content. */
  blob(party: string, space: string, commitment: string): Promise<Uint8Array | undefined>
}

export interface ScrubReport {
  /** Spaces read back whole at least once, of all. */
  checked: number
  spaces: number
  /** When the space that was not read back for longest was, ms; undefined while one never was. */
  oldest?: number
  /** What is wrong now, and not signed over. */
  open: (Fault & { foundAt: number })[]
  /** What was put right, newest first; `from`: the party whose bytes it was put right with, or our own. */
  mended: {
    space: string
    foundAt: number
    mendedAt: number
    from: string
    faults: number
    found: Omit<Fault, 'space'>[]
  }[]
  /** Spaces the start gate is shut for: nothing is signed in them before what is missing came back. */
  shut: string[]
  /** Files of the database still hold bytes of erased payloads. */
  isErasing: boolean
}

/** A space as the scrub knows it. */
export interface StoredSpace {
  space: string
  size: number
  /** When it was last read back to its end, ms; undefined before the first time. */
  checkedAt?: number
  /** First entry not read back in this round; 0 between rounds. */
  next: number
  /** Somebody asked for it to be read back now, and it was not yet, ms. */
  askedAt?: number
  isDamaged: boolean
  /** When putting it right was last tried in vain, ms, and why it could not be. */
  triedAt?: number
  why?: string
}

/** What people see of the scrub and ask of it. */
export interface StoredChecks {
  report(): Promise<ScrubReport>
  /** Damaged ones first, then those somebody asked for, then those not read back for longest. */
  list(range: { limit: number; offset: number }): Promise<StoredSpace[]>
  /** Has a space read back from its first entry, before all others, and returns at once; false if there is none. */
  ask(space: string): Promise<boolean>
}
