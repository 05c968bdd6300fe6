import type { EvidenceKind } from './format.ts'

/** A place in a log as the accused signed it; `root` is base64url. */
export interface SignedTree {
  size: number
  root: string
}

/** What the statements of the accused say, and where they contradict each other. */
export type Contradiction =
  | {
      kind: 'two-histories'
      checkpoints: [SignedTree, SignedTree]
      /** Root of the larger tree at the smaller size: not what the smaller checkpoint says. */
      rootInLarger: string
      /** The act that was promised under `checkpoints[checkpoint]`. */
      promised?: { checkpoint: 0 | 1; index: number; act: string; author: string; type: string }
    }
  | { kind: 'inadmissible-entry'; checkpoint: SignedTree; index: number; rule: string; detail: string; act?: string }
  | {
      kind: 'ignored-tender'
      checkpoint: SignedTree
      /** The entry that the accused ordered after the grace, and its time for it. */
      index: number
      wentOnAt: number
      act: string
      author: string
      /** Members that say that they kept the act and carried it, earliest first. ms. */
      heldBy: { party: string; at: number }[]
    }
  | { kind: 'refused-on-record'; checkpoint: SignedTree; index: number; act: string; rule: string; refusedAt: number }
  /** `opensTo`: commitment of what the sealed bytes open to, which is not the `part` that was signed. */
  | { kind: 'sealed-otherwise'; act: string; type: string; part: string; opensTo: string }

export interface EvidenceReport {
  /** Of the file, hex. */
  sha256: string
  sizeBytes: number
  /**
   * `proven`: the accused signed statements that cannot all be true. `attested`: members say under their keys what the
   * accused left undone, and its own record shows the rest. `refused`: the file proves nothing.
   */
  verdict: 'proven' | 'attested' | 'refused'
  failure?: { rule: string; detail: string }
  kind?: EvidenceKind
  space?: string
  accused?: {
    party: string
    role: 'host' | 'cosigner' | 'witness' | 'author'
    key: string
    /** base64url leaf hash of entry 0 of the accused's register; empty for a witness from outside. */
    first: string
    /** Of a witness from outside its verifier key. */
    fingerprint: string
    /** The reader compared this fingerprint. */
    pinned: boolean
  }
  /** The finder's word, unproven. ms. */
  found?: { by: string; at: number }
  contradiction?: Contradiction
  /** Lines by ML-DSA-44 on its notes, which neither verifier checks and no verdict needs. */
  notChecked?: number
}
