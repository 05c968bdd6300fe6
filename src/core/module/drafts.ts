import type { VNode } from 'preact'
import type { Json, Marking } from '../../protocol/types.ts'
import type { Viewer } from '../auth/types.ts'
import type { ActDraft, SpaceFacts } from './acts.ts'

export type DraftState = 'drafting' | 'awaiting-release' | 'held' | 'sent' | 'discarded'

export interface Draft {
  /** Becomes the act's id. */
  id: string
  space: string
  type: string
  office: string
  body: Json
  text?: Json
  attachments: { name: string; title?: string; media: string; hash: string; size: number; marking: Marking }[]
  marking: Marking
  refs: { space?: string; act: string }[]
  state: DraftState
  drafter: string
  releaser?: string
  /** SHA-256 over {type, space, recipients, marking, plaintext part hashes}; release refuses another. */
  approval: string
  /** Scenario ms until which Stop works. */
  holdUntil?: number
  actHash?: string
  updatedAt: number
  /** Everybody who saved it; none of them may release it. */
  hands?: string[]
  /** Why it came back: somebody's words, or `stopped`, `readers-changed`, `refused:<code>`. */
  returnedWhy?: string
  /** Anything the composer needs to show the form again. */
  form: Json
}

/** A draft as it stood when it was submitted. */
export interface DraftVersion {
  number: number
  at: number
  person: string
  approval: string
  body: Json
  text?: Json
  marking: Marking
  attachments: Draft['attachments']
}

/** Where a draft is now, without a word of what stands in it: for those who looked at it and may no longer. */
export interface DraftTrace {
  space: string
  type: string
  state: DraftState
  /** It was handed on for release at least once. */
  wasSubmitted: boolean
  /** The newest step: `draft-given-back`, `draft-stopped`, `draft-came-back`, `draft-discarded`, `draft-released`, … */
  what?: string
  /** Who took it; nobody for what the node did by itself. */
  by?: string
  at: number
  returnedWhy?: string
}

/** What a person says with their yes. */
export interface ReleaseWords {
  /** Sign although what it rests on is not witnessed. */
  unwitnessed?: boolean
}

/** A draft on its way out, for rooms that have a word in it. */
export interface Leaving {
  draft: Draft
  space: SpaceFacts
  /** Before the last yes, before that of one person alone, and once more when the hold is over. */
  stage: 'release' | 'emergency' | 'signing'
  /** Who gives the last yes, with the powers of today; nobody once they left the house. */
  by?: Viewer
}

/** What a room adds to the review of a draft. */
export interface BesideDraft {
  /** Sections under the text. */
  beside?: VNode
  /** Sentences beside the button that releases it. */
  atRelease?: string[]
}

export interface Drafts {
  save(viewer: Viewer, draft: ActDraft & { form: Json }): Promise<Draft>
  find(id: string): Promise<Draft | undefined>
  listFor(viewer: Viewer): Promise<Draft[]>
  /** Drafter → waiting for a second person; for `one-person` acts: straight to held. */
  submit(viewer: Viewer, id: string, approval: string, said?: ReleaseWords): Promise<Draft>
  /** Second person; throws when it is the drafter or when the approval differs. Starts the hold. */
  release(viewer: Viewer, id: string, approval: string, said?: ReleaseWords): Promise<Draft>
  /** One person alone, where the house allows it: a reason, the hold, and the head of office paged. */
  emergency?(viewer: Viewer, id: string, said: { approval: string; reason: string }): Promise<Draft>
  /** Waits for lines on what the draft rests on, and puts the checkpoint that proves it into the draft. */
  ground?(viewer: Viewer, id: string, waitMs: number): Promise<Draft>
  stop(viewer: Viewer, id: string): Promise<Draft>
  giveBack(viewer: Viewer, id: string, why: string): Promise<Draft>
  discard(viewer: Viewer, id: string): Promise<void>
  /** Signs every draft whose hold has passed; also run by a job. */
  signDue(): Promise<void>
  /** Also of drafts that were discarded. */
  trace?(id: string): Promise<DraftTrace | undefined>
  /** What was submitted each time, oldest first: a releaser sees what changed since. */
  versions?(id: string): Promise<DraftVersion[]>
}
