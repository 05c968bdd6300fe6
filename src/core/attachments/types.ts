import type { Marking } from '../../protocol/types.ts'

/** What a file is by its own bytes. */
export type Format =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'image'
  | 'pdf'
  | 'docx'
  | 'xlsx'
  | 'pptx'
  | 'odt'
  | 'ods'
  | 'odp'
  | 'zip'
  | 'archive'
  | 'office-old'
  | 'rich-text'
  | 'markup'
  | 'script'
  | 'program'
  | 'json'
  | 'csv'
  | 'text'
  | 'unknown'

/** Message key `files.found.<code>`; what to do about a refused one: `files.mend.<code>`. */
export type FindingCode =
  | 'damaged'
  | 'too-costly'
  | 'said-otherwise'
  | 'active'
  | 'archive-other'
  | 'image-other'
  | 'office-old'
  | 'rich-text'
  | 'not-looked-into'
  | 'image-metadata'
  | 'position'
  | 'hidden-bytes'
  | 'listed'
  | 'too-many-inside'
  | 'unfolds'
  | 'bad-path'
  | 'link-inside'
  | 'locked'
  | 'archive-inside'
  | 'active-inside'
  | 'properties'
  | 'comments'
  | 'tracked-changes'
  | 'hidden-sheets'
  | 'hidden-slides'
  | 'hidden-text'
  | 'speaker-notes'
  | 'macros'
  | 'embedded-files'
  | 'outside-content'
  | 'links'
  | 'commands'
  | 'inner-images'
  | 'hidden-data'
  | 'preview'
  | 'opens-programs'
  | 'sends-forms'
  | 'moving-content'
  | 'signed'
  | 'formulas'
  | 'reversed-text'

export interface Finding {
  code: FindingCode
  /** `refuse`: it cannot be attached so. `strip`: it can be taken out. `tell`: whoever opens it should know. */
  grade: 'refuse' | 'strip' | 'tell'
  count?: number
  /** Words of the file itself: an author, a name inside. */
  detail?: string
  /** Where: a part of the file, or a byte. */
  at?: string
}

/** What looking into a file gave. */
export interface Look {
  format: Format
  /** Media type it may be handed out as. */
  media: string
  findings: Finding[]
}

/** How one format is looked into. Both may throw {@link FileTrouble} and nothing else. */
export interface FormatReader {
  look(bytes: Uint8Array): Finding[]
  /** The same document without what {@link look} graded `strip`. */
  strip?(bytes: Uint8Array): Uint8Array
}

/** A file of a draft that goes with it: what a clearance approves. */
export interface ReadyFile {
  id: string
  name: string
  title: string
  media: string
  /** base64url SHA-256 of the content. */
  hash: string
  size: number
  marking: Marking
}

/** The same as a signature names it. */
export interface StagedFile extends ReadyFile {
  /** base64url SHA-256 of salt ‖ content. */
  commitment: string
  /** Salt of this draft alone, where several take one file; else the one that lies staged. */
  salt?: Uint8Array
}

/** The bytes are not what the format asks for, at this place. */
export class FileTrouble extends Error {
  override name = 'FileTrouble'
  readonly code: FindingCode
  readonly at: string

  constructor(at: string | number, code: FindingCode = 'damaged') {
    super(`${code} at ${at}`)
    this.code = code
    this.at = String(at).slice(0, 200)
  }
}
