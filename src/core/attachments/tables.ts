import type { ColumnType } from 'kysely'
import type { Marking } from '../../protocol/types.ts'
import type { Finding, Format } from './types.ts'

type Json<T> = ColumnType<T, string, string>
type Nullable = ColumnType<string | null, string | null | undefined, string | null>

/** A file of a draft, from its first byte to the signing of the act. */
export interface AttachmentTable {
  /** Id of its bytes in `home.staged` too. */
  id: string
  draft: string
  person: string
  name: string
  title: string
  marking: Json<Marking>
  /** Bytes of the content, without salt. */
  size: number
  /** Recognises the file when its upload is taken up again. */
  fingerprint: string
  /**
   * `receiving`: bytes are missing. `found`: something has to be taken out first. `refused`: it stays out.
   * `ready`: it goes with the draft.
   */
  state: 'receiving' | 'found' | 'refused' | 'ready'
  format: Format | null
  media: string | null
  findings: Json<Finding[]>
  /** Rules by which it was looked into; 0 before it was. */
  rules: number
  /** base64url SHA-256 of the content, and of salt ‖ content; set once all is here. */
  hash: string | null
  commitment: string | null
  /** The act is signed: its bytes are the act's payload now. */
  signed: boolean
  place: ColumnType<number, never, never>
  touched_at: number
  added_at: number
  /** The record at home it is kept with, for as long as that; null for files of drafts. */
  record: Nullable
  /** The kept file it is a copy of. */
  copied_from: Nullable
  /** What was taken out of it, without the words of the file. */
  cleaned: ColumnType<Finding[], string | undefined, string>
  /** base64url SHA-256 of the file as it came, where something was taken out. */
  came_as: Nullable
}

/** What was found in an attachment of an act. Gone with its bytes. */
export interface LookTable {
  /** Commitment that the act names. */
  part: string
  /** Kind of text its name says, where the bytes leave that open. */
  kind: 'text' | 'csv' | 'json'
  rules: number
  /** base64url SHA-256 of the content. */
  hash: string
  format: Format
  findings: Json<Finding[]>
  looked_at: number
}

/** A draft takes the files that were uploaded under another id, once for several drafts; until it is signed. */
export interface AttachmentShareTable {
  draft: string
  /** What stands as `draft` on those files. */
  files: string
}

declare module '../storage/tables.ts' {
  interface Tables {
    'home.attachment': AttachmentTable
    'home.attachment_share': AttachmentShareTable
    'home.look': LookTable
  }
}
