import type { KeySpan } from '../register-keys.ts'
import type { NoEffect } from '../advance.ts'
import type { RuleId, SpaceKind } from '../types.ts'

export interface ReportPart {
  role: string
  hash: string
  media: string
  size: number
  state: 'present' | 'withheld' | 'erased'
  /** Reason code of the maker, for withheld parts. */
  why?: string
  /** Index of the act that had it erased. */
  by?: number
}

/** How far an entry had come, by the lines that are in the dossier. */
export type EntryLevel = 'on-the-record' | 'witnessed' | 'confirmed-by-all'

/** A checkpoint that an act carries to show that what it rests on was witnessed. */
export interface CarriedCheckpoint {
  /** 0 where it does not hold. */
  size: number
  /** It is this log's, signed by its host, and older than the act. */
  holds: boolean
  /** Members, then witnesses that the policy names, whose lines verify. */
  cosigned: string[]
  /** Lines by ML-DSA-44 on it, which neither verifier checks and no verdict needs. */
  notChecked: number
}

export interface ReportAct {
  index: number
  act: string
  type: string
  author: string
  office: string
  /** Leaf time, ms: the host's clock. */
  time: number
  /** Author's clock, ms. */
  at: number
  tlp: string
  /** `withheld`: proved without its content. */
  state: 'selected' | 'withheld'
  why?: string
  parts: ReportPart[]
  /** Not of registers. */
  level?: EntryLevel
  carried?: CarriedCheckpoint
  withoutEffect?: NoEffect
}

export interface ReportSpace {
  space: string
  kind: SpaceKind
  title: Record<string, string>
  drill?: string
  host: string
  origin: string
  size: number
  /** base64url. */
  root: string
  members: { party: string; role: string; until?: number }[]
  /** Act keys by position, of members that had more than one or lost one. Positions are entries of this space. */
  keys: { party: string; spans: KeySpan[] }[]
  /** Members whose cosignature over all of it verifies. `time` ms. */
  cosigned: { party: string; time: number }[]
  /** What makes entries witnessed: the rule without a policy, the policy of an entry, or one that is not shown. Not of registers. */
  policy?: { by: 'default' | 'act' | 'unknown'; index?: number }
  acts: ReportAct[]
}

export interface ReportFingerprint {
  party: string
  /** base64url leaf hash of entry 0 of its register. */
  first: string
  fingerprint: string
  /** `included`: the register is in the dossier and bears out the keys used. */
  register: 'included' | 'absent'
  pinned: boolean
}

/** What a dossier does not prove, whatever its verdict. */
export type NotProven =
  | 'content-true'
  | 'which-human'
  | 'nothing-elsewhere'
  | 'finer-time'
  | 'makers-words'
  | 'names-unpinned'
  | 'register-absent'
  | 'not-cosigned'
  | 'content-withheld'

export interface DossierFailure {
  rule: RuleId
  detail: string
  space?: string
  index?: number
  act?: string
  file?: string
}

/** Outcome of a verification: plain data, nothing in it from a refused dossier but where it failed. */
export interface DossierReport {
  verdict: 'accepted' | 'refused'
  /** SHA-256 of the file, hex, as sha256sum prints it. */
  sha256: string
  sizeBytes: number
  failure?: DossierFailure
  purpose?: string
  audience?: string
  maker?: string
  made?: number
  drill: boolean
  spaces: ReportSpace[]
  fingerprints: ReportFingerprint[]
  /** Pins given for parties that do not occur. */
  unusedPins: string[]
  warnings: { space: string; index: number; rule: RuleId; detail: string }[]
  notProven: NotProven[]
}
