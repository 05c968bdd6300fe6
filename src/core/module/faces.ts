import type { ComponentChildren, VNode } from 'preact'
import type { ZodType } from 'zod'
import type { Json, Marking } from '../../protocol/types.ts'
import type { Viewer } from '../auth/types.ts'
import type { Translate } from '../../text/types.ts'
import type { ActContent, ActDraft, Attachment, LoggedAct, SpaceFacts } from './acts.ts'
import type { TenderedAct } from './ledger.ts'
import type { Services } from './services.ts'

export interface ShownAct<B = any, T = any> {
  act: LoggedAct
  space: SpaceFacts
  /** Undefined where the gate withheld it; `withheld` says why. */
  content?: ActContent<B, T>
  withheld?: string
}

export interface FaceProps<B = any, T = any> {
  shown: ShownAct<B, T>
  /** What the face's `load` found for this act. */
  facts?: any
  services: Services
  viewer: Viewer
  t: Translate
  language: string
}

export interface ActAction {
  /** Message key of the verb, filled by `labelFacts`. */
  label: string
  labelFacts?: Record<string, string | number>
  /** POST with no further input, or GET of a page. */
  method: 'GET' | 'POST'
  href: string
  primary?: boolean
  /** Hidden fields of the POST (an act id chosen when the form was made, …). */
  fields?: Record<string, string>
}

/** One sentence of another room beside an act: how it was released, who consented to its use. */
export interface ActNote {
  text: string
  href?: string
  /** Set above the words, and not in the margin. */
  isTrouble?: boolean
}

/** For whom notes are written. */
export interface NoteReading {
  services: Services
  viewer: Viewer
  t: Translate
  language: string
}

/** The look of one act type in timelines, reviews and print. */
export interface ActFace<B = any, T = any> {
  type: string
  /** "Note verbale". */
  form(t: Translate, body?: B): string
  /** One line for lists: subject or gist. Content was revealed already. */
  headline(props: FaceProps<B, T>): string
  /** Loads what `margin` and `actions` need for all acts of this type on a page, in one go: act hash → facts. */
  load?(services: Services, acts: ShownAct<B, T>[], viewer: Viewer): Promise<Map<string, unknown>>
  /** What was said, set as a document. */
  Document(props: FaceProps<B, T>): VNode | null
  /** Extra lines for the margin (states, acknowledgement); facts were loaded by `load`. */
  margin?(props: FaceProps<B, T>): Promise<ComponentChildren>
  actions?(props: FaceProps<B, T>): Promise<ActAction[]>
  /** Verbs while it is tendered and not yet on the record; `others` is all that is tendered in the space. */
  tenderedActions?(props: FaceProps<B, T>, others: readonly TenderedAct[]): Promise<ActAction[]>
}

/** A form that makes a draft (or a direct act) of one type in one space. */
export interface Composer<I = any> {
  type: string
  /** Message key of "I want to …". */
  wish: string
  mayStart(services: Services, viewer: Viewer, space: SpaceFacts): Promise<boolean>
  /** Begun under an act, not from the list of what can be written. */
  begunAtAct?: boolean
  input: ZodType<I>
  /** The fields inside the shared form (which adds marking, id, buttons). Values are what was typed last. */
  Fields(props: ComposerProps): Promise<VNode>
  /**
   * `draft.id` stays the same each time one draft is saved: what is reserved for it (a register number) is reserved once.
   * `draft.marking` and `draft.office` are what the person chose in the shared form.
   */
  compose(
    services: Services,
    viewer: Viewer,
    space: SpaceFacts,
    input: I,
    draft: { id: string; marking: Marking; office?: string },
  ): Promise<{
    body: Json
    text?: Json
    attachments?: Attachment[]
    refs?: ActDraft['refs']
    /** Things at home that belong to the matter and do not leave, for the review page. */
    stays?: { what: string; count: number; why: string }[]
    /** Puts files into the draft once it is saved; true where that changed what it carries. */
    fill?(): Promise<boolean>
    /** What it carries of others: the act is marked at least as narrow. */
    carried?: Marking
  }>
}

export interface ComposerProps {
  services: Services
  viewer: Viewer
  space: SpaceFacts
  values: Record<string, unknown>
  errors: Record<string, string>
  query: URLSearchParams
  t: Translate
  language: string
}
