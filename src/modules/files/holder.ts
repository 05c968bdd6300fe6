import type { ComponentChildren } from 'preact'
import type { Marking, SpaceFacts, Visit } from '../../core/module/types.ts'

/** What files belong to: a draft, a circular note, evidence of an incident. */
export interface FilesHolder {
  /** Under which its files lie. */
  id: string
  /** Address before `/files` and `/uploads`. */
  at: string
  /** Passes where files may come, go and change. Until it was saved only whoever sent a file knows of it. @throws Refusal */
  requireOpen(): Promise<void>
  /** Files came, went or changed. */
  changed(): Promise<unknown>
  /** How its pages present it; nothing while it lives in a form that was not saved. */
  saved?: SavedHolder
}

export interface SavedHolder {
  /** What it is, above the title. */
  form: ComponentChildren
  current: '/spaces' | '/incidents'
  drill?: SpaceFacts['drill']
  marking?: Marking
  /** Labels of the way it is on, of which files are the second. */
  steps?: string[]
  /** Parties for which alone a file may be marked; none where files stay at home. */
  parties: readonly string[]
  /** Where to go while files cannot change. */
  closed?: string
  /** Where to go on, the first before the others. */
  onward: { href: string; label: string }[]
  /** How long files lie here. */
  kept: string
}

/** Finds what the address names, for somebody who may see it. @throws Refusal */
export type FindHolder = (
  visit: Pick<Visit, 'services' | 'viewer' | 'params' | 't' | 'language'>,
) => Promise<FilesHolder>
