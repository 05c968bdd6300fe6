import type { FederationRoute } from '../federation/index.ts'

export const offRecordForms = ['remark', 'non-paper'] as const

/** What one participant says in a room. It is never signed, and no statement that is signed commits to it. */
export interface OffRecordWords {
  id: string
  form: (typeof offRecordForms)[number]
  /** Who speaks, as the sender's side chose to say it. */
  by: string
  title?: string
  words: string
}

export interface HeardWords extends OffRecordWords {
  /** Party that says it said it: whoever holds the room's key could have written it. */
  from: string
  /** Sender's clock, ms. */
  at: number
  /** When the last copy on honest nodes is gone, ms. */
  forgottenAt: number
  /** Of our own words: parties whose node has not taken them yet. */
  waitsFor: string[]
  /** It says it is ours, and this node did not send it: another participant wrote it. */
  isForeign: boolean
}

/** A room as the record of its space tells it. */
export interface RoomFacts {
  /** Hash of the act that opened it. */
  room: string
  space: string
  opener: string
  /** Leaf time of the opening, ms: hours are counted from here. */
  openedAt: number
  keepMs: number
  /** Nothing is said after this, ms. */
  until: number
  /** It was closed, ms. */
  closedAt?: number
  /** Name under which our own key pair was prepared; undefined while we are not in it. */
  own?: string
  /** Who is in it, with the public key of its opening or joining. */
  parties: readonly { party: string; act: string; key: string }[]
  /** How many were asked in, the opener besides. */
  invited: number
}

export type RoomState =
  /** Its key has not come from the party that opened it. */
  | 'waits-for-key'
  | 'open'
  /** Nothing more is said; what was said is still here. */
  | 'ended'
  | 'forgotten'
  /** The file of its key is not on this node: the data folder came from a backup, which never holds it. */
  | 'no-key'

/** Rooms whose words leave no proof: their keys lie in files outside the database and of every backup. */
export interface OffRecord {
  /**
   * The public key for an opening or joining act, made on first use and the same afterwards.
   *
   * @param name - Id or hash, so that the second click finds the first one's key.
   */
  prepare(name: string): Promise<string>
  /** Tells what the record says of rooms that are not forgotten; sends, takes back and forgets what is due. */
  follow(rooms: readonly RoomFacts[]): Promise<void>
  state(room: string): Promise<RoomState | undefined>
  /** Seals and hands out words; the same id again changes nothing. @throws Refusal `off-record-not-open`, `off-record-full` */
  say(room: string, words: OffRecordWords): Promise<void>
  /** Everything said that is not forgotten, oldest first. */
  hear(room: string): Promise<HeardWords[]>
  /** How much others said in each room since this person looked. */
  unseen(person: string): Promise<Map<string, number>>
  looked(room: string, person: string): Promise<void>
  routes: FederationRoute[]
  /** Resolves once nothing is under way. */
  idle(): Promise<void>
  stop(): Promise<void>
}
