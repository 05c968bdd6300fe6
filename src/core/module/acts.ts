import type { ZodType } from 'zod'
import type { Json, Marking, SpaceKind, Statement } from '../../protocol/types.ts'
import type { Darkness } from '../sealing/types.ts'
import type { StagedFile } from '../attachments/types.ts'
import type { Tx } from '../storage/types.ts'

export interface SpaceMember {
  party: string
  role: 'member' | 'chair' | 'observer'
  /** Index at which the member came in. */
  since: number
  until?: number
}

/** What every member knows about a space, computed from its log alone. */
export interface SpaceFacts {
  id: string
  kind: SpaceKind
  title: Record<string, string>
  purpose: string
  host: string
  /** This node orders the space. */
  hosted: boolean
  members: SpaceMember[]
  drill?: { name: string }
  terms: Record<string, string>
  /** Only its members’ nodes can read what is said in it. */
  sealed?: boolean
  under?: { space: string; act: string }
  size: number
  root: string
  /** ms of the newest leaf. */
  time: number
}

/** An act as a projector gets it. Nothing here depends on this node: the same on every replica. */
export interface ProjectedAct<B = unknown> {
  space: SpaceFacts
  index: number
  hash: string
  statement: Statement
  /** Leaf time, ms. */
  time: number
  /** Leaf time mapped by the drill's clock, or the leaf time itself. All duties run on it. */
  scenarioTime: number
  /** Part `body`, parsed by the definition's schema. */
  body: B
}

/** Reason code (message key `<module>.without-effect.<code>`) when an admissible act changes nothing. */
export type Effect = undefined | { withoutEffect: string }

/**
 * One act a module owns. `body` holds structure and no prose and is never
 * erased; prose goes to `text` and to attachments, which can be.
 * Projectors write `view` tables of their own module through `tx`, use only
 * their arguments and rows of the same space, and never now(), random or home.
 */
export interface ActDefinition<B = any, T = any> {
  type: string
  body: ZodType<B>
  text?: ZodType<T>
  kinds: readonly SpaceKind[]
  /** One phrase each for docs/protocol/acts.md. */
  who: string
  requires: string
  effect: string
  clock?: string
  /** Folded in timelines. */
  technical?: boolean
  /** A direct act that is a step of its own, not an answer to be folded under the act it names. */
  standsAlone?: boolean
  /** Who must agree before it is signed: nobody else, or a second person. */
  release: 'direct' | 'one-person' | 'two-person'
  /**
   * An outward step: the act it rests on has to have come to a level before it is signed. Its body then carries the
   * cosigned checkpoint in `witnessed`, for readers and verifiers; no projection looks at it.
   */
  restsOn?: {
    level: 'witnessed' | 'confirmed-by-all'
    /** Hash of that act, of the same space. */
    act(body: B): string
    /** Whether a person who says so may sign although it has not. */
    without: 'never' | 'by-word'
  }
  project?(tx: Tx, act: ProjectedAct<B>): Promise<Effect>
  /** What of its body people look for; every word of its text and the names of its attachments are found anyway. */
  search?: SearchedFor<B>
}

/** What of an act's structure people look for. */
export interface SearchedFor<B = any> {
  /** Register numbers and references it bears or names. */
  references?(body: B): readonly (string | undefined)[]
  /** Parties it is addressed to; every other member where nobody is named. */
  addressees?(body: B): readonly string[]
  /** Names and titles that are structure. */
  names?(body: B): readonly string[]
  /** Forms that one type of act has (note verbale, letter), as its body names them, and which of them an act is. */
  forms?: readonly string[]
  form?(body: B): string
}

export interface Attachment {
  name: string
  media: string
  content: Uint8Array
  marking: Marking
}

/** Everything needed to sign one act. `id` is chosen when the draft is made: the same id twice is one act. */
export interface ActDraft {
  space: string
  type: string
  id: string
  office: string
  body: Json
  text?: Json
  attachments?: Attachment[]
  /** Files that lie staged: they become parts without passing through memory. */
  files?: StagedFile[]
  marking: Marking
  refs?: { space?: string; act: string }[]
  after?: string[]
}

export interface SignedAct {
  hash: string
  space: string
  id: string
  statement: Statement
}

/** An act as read from the log with what the gate let through is asked per act by `content`. */
export interface LoggedAct {
  space: string
  index: number
  hash: string
  time: number
  scenarioTime: number
  statement: Statement
  /** Reason code if the act is without effect or its type is unknown to this version (`unknown-type`). */
  withoutEffect?: string
  /** Why its sealed body cannot be read here; then nothing of it is projected. */
  dark?: Darkness
}

/** Payload of one act. A part is missing where it was erased or has not arrived. */
export interface ActContent<B = any, T = any> {
  body?: B
  text?: T
  attachments: {
    name: string
    title?: string
    media: string
    hash: string
    size: number
    marking?: Marking
    present: boolean
  }[]
  /** Why sealed parts of it cannot be read here. */
  dark?: Darkness
}
