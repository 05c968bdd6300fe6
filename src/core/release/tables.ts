import type { ColumnType } from 'kysely'
import type { Json, Marking } from '../../protocol/types.ts'
import type { DraftState } from '../module/types.ts'

/** `jsonb`: read as a value, written as JSON text. */
type JsonColumn<T> = ColumnType<T, string, string>
type MaybeJsonColumn<T> = ColumnType<T | null, string | null, string | null>

export interface DraftTable {
  /** Becomes the act's id. */
  id: string
  space: string
  type: string
  office: string
  body: JsonColumn<Json>
  text: MaybeJsonColumn<Json>
  marking: JsonColumn<Marking>
  refs: JsonColumn<{ space?: string; act: string }[]>
  after: JsonColumn<string[]>
  form: JsonColumn<Json>
  state: DraftState
  drafter: string
  /** Everybody who saved it; none of them may release it. */
  hands: JsonColumn<string[]>
  releaser: string | null
  approval: string
  hold_until: number | null
  act_hash: string | null
  /** Why it came back, in the words of whoever gave it back; or a reason code of the node itself. */
  returned_why: string | null
  updated_at: number
}

export interface DraftAttachmentTable {
  draft: string
  position: number
  name: string
  media: string
  hash: string
  size: number
  marking: JsonColumn<Marking>
  content: Uint8Array
}

export interface DraftVersionTable {
  draft: string
  number: number
  at: number
  person: string
  approval: string
  body: JsonColumn<Json>
  text: MaybeJsonColumn<Json>
  marking: JsonColumn<Marking>
  attachments: JsonColumn<
    { name: string; title?: string; media: string; hash: string; size: number; marking: Marking }[]
  >
}

export interface IntentTable {
  key: string
  person: string | null
  at: number
}

/** A draft that one person releases alone. */
export interface EmergencyTable {
  draft: string
  person: string
  /** Stays at home. */
  reason: string
  at: number
  /** Hash of the act once it is signed, and of the one that says how it was released. */
  act: string | null
  declared: string | null
  /** Codes of what it went without, with a space between them: `legal`. */
  without: string
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.emergency': EmergencyTable
    'home.draft': DraftTable
    'home.draft_attachment': DraftAttachmentTable
    'home.draft_version': DraftVersionTable
    'home.intent': IntentTable
  }
}
