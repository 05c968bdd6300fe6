/** Ways of answering, from what needs no justification up; their order is that of the ladder in `rules.json`. */
export interface Reason {
  /** What shuts the option: `rung`, `attribution`, or the id of a rule. */
  rule: string
  /** Where the answer comes from. */
  of: 'case' | 'measure' | 'sheet'
  /** The question, trait or field that was asked. */
  input: string
  /** What stands there; undefined while nobody answered. */
  answer?: string
  /** What would have to stand there. */
  wanted: readonly string[]
  /** A legal adviser may set it aside. */
  legal: boolean
}

export interface WeighedOption {
  measure: string
  /** `not-given`: nothing speaks against it yet, but an answer is missing. */
  standing: 'open' | 'not-given' | 'excluded'
  /** Every reason, not the first. */
  exclusions: Reason[]
  /** Answers that are missing. */
  missing: Reason[]
  /** What would shut it and was set aside by a legal adviser. */
  setAside: Reason[]
}

/** What a decision was minuted with: an option as the engine showed it that day. */
export interface Considered {
  measure: string
  standing: WeighedOption['standing']
  exclusions: Reason[]
  missing: Reason[]
  setAside: Reason[]
}

/** The sheet of one measure in one incident. */
export interface SheetContent {
  /** Factor → its degree and in words why. */
  factors: Record<string, { degree: string; why: string }>
  /** `yes` or `no`, judged by a person; empty while nobody did. */
  proportionate: string
  proportionateWhy: string
  escalation: string
  audience: string
  partners: string
  reviewOn: string
  /** Effect on human rights and privacy, on women and men, on third parties. */
  rights: string
  rightsWhy: string
  gender: string
  third: string
}

/** What a look back found, sorted as the lessons scheme sorts it. */
export type Findings = Record<string, string>

/** What stands in a sanctions dossier. */
export interface DossierContent {
  /** Criterion → whether it is met (`yes`, `no`, empty), in words why, and the evidence named for it. */
  criteria: Record<string, { met: string; why: string; evidence: string[] }>
  identifiers: Record<string, string>
  /** Statement of reasons as a person wrote it; empty while only the draft stands. */
  reasons: string
}
