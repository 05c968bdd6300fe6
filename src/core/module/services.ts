import type { Json, MemberSnapshot } from '../../protocol/types.ts'
import type { Attachments } from '../attachments/index.ts'
import type { Viewer } from '../auth/types.ts'
import type { ClockSource, Logger, Settings } from '../config/types.ts'
import type { KeyEvent } from '../identity/types.ts'
import type { Keys } from '../keys/types.ts'
import type { MeetingRooms } from '../meeting-rooms/types.ts'
import type { OffRecord } from '../off-record/types.ts'
import type { StoredChecks } from '../scrub/types.ts'
import type { Blobs, Db, Tx } from '../storage/types.ts'
import type { Finality } from '../witnessing/types.ts'
import type { Drafts } from './drafts.ts'
import type { Ledger, Outbox, Tenders } from './ledger.ts'
import type { Module } from './types.ts'

export interface Peer {
  party: string
  url: string
  state: 'introduced' | 'pinned'
  /** Leaf hash of the register's entry 0 in groups of digits. */
  fingerprint: string
  name: Record<string, string>
  pinnedAt?: number
  pinnedBy?: string
  /** How the fingerprint was compared: `voice`, `in-person`, `document`. */
  comparedBy?: string
  reachable: boolean
  unreachableSince?: number
  /** What changed its keys after the founding, by position in its register. */
  keyEvents?: KeyEvent[]
}

export interface Peers {
  /** Fetches what the other side says of itself; nothing is believed yet. */
  introduce(url: string): Promise<Peer>
  pin(party: string, by: { person: string; how: string; fingerprint: string }): Promise<Peer>
  find(party: string): Promise<Peer | undefined>
  list(): Promise<Peer[]>
  /** Spaces that unpinned peers opened with us: nothing of them is read before someone pins. */
  requests(): Promise<{ space: string; party: string; since: number }[]>
  /** A pinned peer that lost its identity counts as a stranger from now on: a new one can be met and compared. */
  letGo(party: string): Promise<void>
  /** Keys of a pinned peer with their proof, as an act that admits it carries them; undefined for anybody else. */
  snapshot(party: string): Promise<Omit<MemberSnapshot, 'role'> | undefined>
  /** Our own fingerprint, for the other side to compare. */
  ownFingerprint(): Promise<string>
}

export interface Notices {
  /** In-app notice plus mail without content. The same key twice is one notice. */
  send(
    tx: Tx,
    notice: {
      key: string
      person: string
      /** Message key of the sentence; `facts` fill it. No content of marked things. */
      message: string
      facts?: Record<string, string | number>
      link: string
      urgency: 'page' | 'normal'
      /** Name of the drill it belongs to; mail says so in its first line. */
      drill?: string
    },
  ): Promise<void>
  unread(
    person: string,
  ): Promise<
    { id: string; message: string; facts: Record<string, string | number>; link: string; at: number; urgency: string }[]
  >
  markRead(person: string, ids?: string[]): Promise<void>
  /** What notices of this key asked for is done: everybody’s count as read. `key` is the part before the last colon. */
  settle(tx: Tx, key: string): Promise<void>
}

export interface Jobs {
  /** Runs `task` after the transaction commits, at or after `runAt`; one job per key. */
  enqueue(tx: Tx, task: string, payload: Json, options?: { key?: string; runAt?: number }): Promise<void>
  /** Runs everything due now and returns; tests call this instead of waiting. */
  drain(): Promise<void>
}

/** Hints to open pages and to the outbox: topics such as `space:<id>`, `today:<person>`. */
export interface Live {
  publish(topic: string): void
  subscribe(topics: string[], listener: (topic: string) => void): () => void
}

export interface People {
  find(
    person: string,
  ): Promise<{ id: string; name: string; email?: string; roles: string[]; offices: Office_[] } | undefined>
  list(): Promise<{ id: string; name: string; email?: string; roles: string[]; offices: Office_[] }[]>
  /** Open offices; with `closed` also those that were closed, whose acts stay on the record. */
  offices(also?: { closed: boolean }): Promise<Office_[]>
  /** People who hold a power now. */
  holding(power: string): Promise<string[]>
  /** The same, each with what they may see and do: for whoever has to ask what somebody else may know of. */
  viewersHolding(power: string): Promise<Viewer[]>
}
type Office_ = { id: string; name: Record<string, string> }

export interface Services {
  /** Our party: lower-case domain. */
  party: string
  /** Names of our party per language. */
  partyName: Record<string, string>
  settings: Settings
  log: Logger
  clock: ClockSource
  db: Db
  blobs: Blobs
  ledger: Ledger
  /** How far acts have come, and what a later act may rest on. */
  finality: Finality
  outbox: Outbox
  tenders: Tenders
  peers: Peers
  people: People
  /** Our keys and how they change. */
  keys: Keys
  /** Rooms whose words are never signed and are forgotten. */
  offRecord: OffRecord
  /** Rooms of talks, in which browsers find each other; nothing of it is kept. */
  meetingRooms: MeetingRooms
  /** What was read back from the disk, what was found and put right. */
  stored: StoredChecks
  notices: Notices
  jobs: Jobs
  live: Live
  drafts: Drafts
  /** Files of drafts until they are signed. */
  attachments: Attachments
  modules: readonly Module[]
  /** Name of a party on our pages: what this house calls it in that language, else {@link Services.signedNameOf}. */
  nameOf(party: string, language: string): string
  /** Name a party signed in its register, else the domain: for whatever can leave this house. */
  signedNameOf(party: string, language: string): string
  /** A module changed `namesOfParties`: resolves once this process shows it; the others of this node are told. */
  namesChanged(): Promise<void>
}
