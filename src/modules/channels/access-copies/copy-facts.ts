import type { Tlp } from '../../../protocol/types.ts'

/** Passage → ground. What is not named goes. */
export type Choice = Record<string, string>

/** What a requester gets, in which language, and how far a stranger may see. */
export interface CopyTerms {
  act: string
  ceiling: Tlp
  language: string
}

/** Who asked, under which reference of theirs, and what is withheld on which ground. */
export interface CopyDecision {
  requester: string
  reference: string
  choice: Choice
  /** The words of the ground `other`. */
  otherWords?: string
}

export type CopyState = 'proposed' | 'made' | 'withdrawn'
