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
  /** What was put right, newest first. */
  mended: { space: string; foundAt: number; mendedAt: number; from: string; faults: number }[]
}
