/** A value that JSON can carry and RFC 8785 can order: no floats outside the safe integers, no lone surrogates. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** TLP 2.0 labels, widest first (FIRST, August 2022). */
export const tlpLabels = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED'] as const
export type Tlp = (typeof tlpLabels)[number]

/** Permissible Actions Protocol labels, widest first. */
export const papLabels = ['CLEAR', 'GREEN', 'AMBER', 'RED'] as const
export type Pap = (typeof papLabels)[number]

/** How far a thing may travel. `audience` (parties) only limits onward exits, never the members of its space. */
export interface Marking {
  tlp: Tlp
  pap?: Pap
  class?: string
  caveats?: string[]
  audience?: string[]
}

/** A payload beside the log: `hash` is base64url SHA-256 over 32-byte salt ‖ content, `size` the content's bytes. */
export interface Part {
  role: string
  hash: string
  size: number
  media: string
  enc?: { alg: string; hash: string; size: number; keys: string }
}

/** A checkpoint the author verified: `root` is base64url. */
export interface Seen {
  size: number
  root: string
}

/** What a party says, as signed. Closed: unknown members make it inadmissible. */
export interface Statement {
  v: 1
  /** 32 lower-case hex. */
  space: string
  /** `<module>.<noun>-<past participle>`. */
  type: string
  /** 32 lower-case hex, chosen when the draft is made; unique per author in the space. */
  id: string
  /** Party: lower-case A-label domain. */
  author: string
  /** Office identifier inside the party, never a person's name. */
  office: string
  seen: Seen
  /** Author's clock, integer ms since epoch UTC. */
  at: number
  after?: string[]
  refs?: { space?: string; act: string }[]
  marking: Marking
  parts: Part[]
}

/** Flattened JWS (RFC 7515) without unprotected header; members are base64url. */
export interface Envelope {
  payload: string
  protected: string
  signature: string
}

/** A parsed act: the statement, the exact bytes signed, and its act hash (base64url SHA-256 of those bytes). */
export interface Act {
  statement: Statement
  envelope: Envelope
  bytes: Uint8Array
  hash: string
  kid: string
}

/** What the log holds at one index. `time` is the host's, ms. */
export interface Leaf {
  v: 1
  time: number
  envelope: Envelope
}

export const spaceKinds = [
  'register',
  'directory',
  'case',
  'channel',
  'forum',
  'negotiation',
  'exercise',
  'collection',
  'bulletin',
] as const
export type SpaceKind = (typeof spaceKinds)[number]

/** What a space records about a member's keys when it is opened or the member is admitted. Keys are base64url raw. */
export interface MemberSnapshot {
  party: string
  role: 'member' | 'chair' | 'observer'
  register: {
    /** base64url leaf hash of entry 0 of the party's register: what a fingerprint shows. */
    first: string
    /** Register checkpoint (signed note text) and inclusion proof of entry 0 in it. */
    checkpoint: string
    proof: string[]
  }
  act: { kid: string; key: string }
  node: string
  cosigner: string
  sealing: string
}

/** Body of `space.opened`. Governance bodies are never erased: admission depends on them. */
export interface SpaceOpening {
  kind: SpaceKind
  rules: 1
  title: Record<string, string>
  purpose: string
  host: { party: string; origin: string; key: string }
  members: MemberSnapshot[]
  /** Present when everything in the space is an exercise. */
  drill?: { name: string }
  /** Terms agreed by opening, e.g. `{acknowledgeWithin: 'PT4H', zone: 'Etc/UTC'}`. */
  terms?: Record<string, string>
  /** The act under which the space was opened (a hotline under a statement). */
  under?: { space: string; act: string }
}

/** Rule ids of docs/protocol/admission.md; each names the first rule that failed. */
export type RuleId = string
export type Verdict =
  | { verdict: 'admissible' }
  | { verdict: 'inadmissible'; rule: RuleId; detail: string }
  | { verdict: 'undecidable'; rule: RuleId; detail: string }

/** Proof that an act is in a log: what a submitter keeps. */
export interface Receipt {
  index: number
  /** Signed note text. */
  checkpoint: string
  /** Inclusion path, base64url, leaf upwards. */
  path: string[]
}
