import type { Marking, Tlp } from '../../../protocol/types.ts'

/** What is to leave, to whom, and how far that archive may see. */
export interface TransferTerms {
  code: string
  /** First and last day of dispatch, YYYY-MM-DD. */
  from?: string
  to?: string
  archive: string
  ceiling: Tlp
}

/** What a stranger to the house may hold at most. */
export const archiveCeilings = ['CLEAR', 'GREEN', 'AMBER'] as const satisfies readonly Tlp[]

/** What the register said of a document on the day its package was confirmed. */
export interface DocumentFacts {
  space: string
  direction: 'in' | 'out'
  /** Whom it came from, or whom it went to; none where it went to all of its space. */
  parties: string[]
  kind: string
  sentAt: number
  ourRef?: string
  yourRef?: string
  stamp?: { number: string; receivedAt: number }
  isDrill: boolean
  marking: Marking
  state: string
  isCorrected: boolean
  /** Last day of keeping. */
  keptUntil: string
}

export type TransferState = 'proposed' | 'making' | 'made' | 'received' | 'withdrawn' | 'stopped'
