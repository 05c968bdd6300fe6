import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity, KeyEvent, KeyUse, OtherUse, Protection, Secret } from '../identity/index.ts'
import type { LogLedger } from '../log/index.ts'
import type { Outbox } from '../module/types.ts'
import type { Blobs, Db } from '../storage/types.ts'

export interface KeysOptions {
  db: Db
  blobs: Blobs
  clock: ClockSource
  log: Logger
  identity: Identity
  ledger: LogLedger
  outbox: Outbox
  pace?: Partial<BringingPace>
  /** Other processes of this node should read the keys again. */
  tell?(): void
}

/** How long others wait before they bring a party's new keys into a space, ms: the party itself is first. */
export interface BringingPace {
  /** The host, when a key was revoked or recovered. */
  hostMs: number
  /** Any other member, when a key was revoked or recovered. */
  memberMs: number
  /** Anybody, after an ordinary rotation. */
  rotationMs: number
}

/** One of our keys as people see it. */
export interface ListedKey {
  use: KeyUse | 'sealing'
  /** Of signing keys the RFC 7638 thumbprint; of the sealing key the SHA-256 of its public half. base64url. */
  fingerprint: string
  /** `next` is committed to and not shown; `former` still counts in a space, or with peers. */
  state: 'current' | 'next' | 'former'
  /** When it was made, ms; undefined for keys older than the ring. */
  made?: number
  /** Register position from which an act key counts. */
  from?: number
}

/** A change under way: keys are made, and the register or some spaces do not show them yet. */
export interface UnderWay {
  kind: KeyEvent['kind']
  /** Why it is not on our register yet. */
  waits?: string
}

/** A space in which our keys, or those of another member, are not those of the register yet. */
export interface BehindSpace {
  space: string
  party: string
  /** An act of ours that brings them is signed and on its way. */
  state: 'on-its-way' | 'waits-for-a-member'
}

export interface KeyOverview {
  protection: Protection
  keys: ListedKey[]
  events: KeyEvent[]
  /** Events a `space.keys-changed` can carry, and how many there are. */
  room: { used: number; most: number }
  underWay?: UnderWay
  behind: BehindSpace[]
  /** Recovery keys that are not spent. */
  recoveryKeys: number
}

export interface Rotation {
  /** Keys replaced together with the act key. */
  others?: readonly OtherUse[]
}

/** Our party as a did:webvh (docs/protocol/did.md). */
export interface PublishedDid {
  did: string
  /** Of `did.jsonl`, oldest first, without line ends. */
  lines: string[]
  /** False when it could not follow a recovery and still shows former keys. */
  isCurrent: boolean
}

/** Our keys: what they are, how they change, and how every space learns of it. */
export interface Keys {
  overview(): Promise<KeyOverview>
  /** Our keys for software that reads DIDs; undefined while they are not those of our register. */
  did(): Promise<PublishedDid | undefined>
  /** Who will be told of a change: spaces we belong to with their members. */
  reaches(): Promise<{ space: string; host: string; members: string[] }[]>
  /** Replaces the act key by the one committed to, and others with it. */
  rotate(rotation?: Rotation): Promise<void>
  /** A new key for checkpoints of the spaces hosted here; the register keeps its own for ever. */
  rotateHost(): Promise<void>
  /** Ends the act key from here on, because it may be in wrong hands, and begins the next one. */
  revoke(given: Rotation & { reason: string }): Promise<void>
  /** Begins anew with a recovery sheet: every act key so far ends. @throws Refusal `keys.sheet-unknown` */
  recover(given: Rotation & { sheet: string }): Promise<void>
  /** Whether this is the secret that protects the keys. */
  opensWith(secret: Secret): Promise<boolean>
  /** Puts the private keys under another secret, or under none. */
  protect(secret: Secret | undefined): Promise<void>
  /** Goes on with what was interrupted. Resolves once it is done or waits for somebody else. */
  resume(): Promise<void>
  /** Follows registers and spaces from now on. */
  start(): Promise<void>
  stop(): Promise<void>
}
