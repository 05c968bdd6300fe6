import type { ComponentChildren } from 'preact'
import type { DraftFile } from '../../core/attachments/index.ts'
import type { Marking, SpaceFacts, Visit } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import type { Tlp } from '../../protocol/index.ts'

/** What became of files; `count` of them are ready to be used, which is all that a holder keeps count of. */
export interface FilesChange {
  what: 'added' | 'cleaned' | 'described' | 'removed'
  count: number
}

/** What files belong to: a draft, a circular note, evidence of an incident. */
export interface FilesHolder {
  /** Under which its files lie. */
  id: string
  /** Address before `/files` and `/uploads`. */
  at: string
  /** Passes where files may come, go and change. Until it was saved only whoever sent a file knows of it. @throws Refusal */
  requireOpen(): Promise<void>
  /** Files came, went or changed. */
  changed(change: FilesChange): Promise<unknown>
  /** The record at home they stay with, where they are no draft’s: they are kept as long as it is. */
  record?: string
  /** Marking proposed for what is added; AMBER where it says none. */
  proposed?: Tlp
  /** A file is removed, in the same transaction. @throws Refusal where it has to stay */
  removing?(tx: Tx, file: DraftFile): Promise<void>
  /** How its pages present it; nothing while it lives in a form that was not saved. */
  saved?: SavedHolder
}

/** What its holder says of one file. */
export interface AboutFile {
  beside?: ComponentChildren
  /** False where it has to stay; `removing` asks again. */
  mayRemove?: boolean
}

export interface SavedHolder {
  /** What it is, above the title. */
  form: ComponentChildren
  /** Of the page, where the form alone does not say whose files they are. */
  title?: string
  lead?: ComponentChildren
  /** Between the heading and the files. */
  head?: ComponentChildren
  current: '/spaces' | '/incidents'
  drill?: SpaceFacts['drill']
  marking?: Marking
  /** Labels of the way it is on, of which files are the second. */
  steps?: string[]
  /** Parties for which alone a file may be marked; none where files stay at home. */
  parties: readonly string[]
  /** Where to go while files cannot change. */
  closed?: string
  /** They are shown and handed out, and nothing can be changed by this person or now. */
  readOnly?: boolean
  /** Where to go on, the first before the others. */
  onward: { href: string; label: string }[]
  /** What else there is to say of files, by their ids. */
  about?(files: readonly DraftFile[]): Promise<ReadonlyMap<string, AboutFile>>
  /** How long files lie here. */
  kept: string
}

/** Finds what the address names, for somebody who may see it. @throws Refusal */
export type FindHolder = (
  visit: Pick<Visit, 'services' | 'viewer' | 'params' | 't' | 'language'>,
) => Promise<FilesHolder>
