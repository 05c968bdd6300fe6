import type { RawBuilder } from 'kysely'
import type { Viewer } from '../auth/types.ts'

/** How far a document has come, as the register of the house says it. */
export const documentStates = [
  'sent',
  'acknowledged',
  'answered',
  'returned',
  'withdrawn',
  'superseded',
  'no-answer',
  'proposed',
  'confirmed',
  'agreed',
  'clean',
  'made',
  'instructed',
  'delivered',
  'reported',
] as const
export type DocumentState = (typeof documentStates)[number]

/** A document as its module puts it into the register; what the house notes of it, the register adds. */
export interface RegisteredRow {
  /** Null: a record of this house, and no act. */
  space: string | null
  /** Hash of the act, or id of the record. */
  id: string
  idx: number | null
  /** One of {@link Registered.kinds}. */
  kind: string
  author: string
  /** Null: everybody in the space. Records may name addressees that are no party. */
  addressees: string[] | null
  /** What its author wrote on it. */
  number: string | null
  your_ref: string | null
  /** ms: when it was sent or made, and the last thing that happened to it. */
  at: number
  last_at: number
  state: Exclude<DocumentState, 'no-answer'>
  is_corrected: boolean
  /** Of records; the words of an act come through the gate. */
  subject: string | null
  tlp: string | null
  href: string | null
  /** Act whose subject or title it goes by, where it has no words of its own. */
  about: string | null
}

/** An act by which somebody says that another one is not so. */
export interface DisputeRow {
  space: string
  /** Hash of the act that is disputed, and of the one that disputes it. */
  about: string
  id: string
  author: string
  at: number
}

/** What a module puts into the register of the house. */
export interface Registered {
  /** Kinds of its documents, each with the message key of its name. */
  kinds: Readonly<Record<string, string>>
  /**
   * Selects of acts, read together with those of all modules. The register asks for single documents by space, id and
   * kind: each select finds them by an index.
   */
  acts?(): readonly RawBuilder<RegisteredRow>[]
  /** Selects of acts that contest or reject another one and still stand. */
  disputes?(): readonly RawBuilder<DisputeRow>[]
  /** Selects of records: those that `viewer` may read; without a viewer all, for whoever numbers them. */
  records?(asked: { party: string; viewer?: Viewer }): readonly RawBuilder<RegisteredRow>[]
}
