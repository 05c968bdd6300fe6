import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity } from '../identity/index.ts'
import type { LogLedger } from '../log/index.ts'
import type { Blobs, Db } from '../storage/types.ts'
import type { Announcing } from './announcing.ts'
import type { TenderStore } from './tender-store.ts'
import type { Uploads } from './uploads.ts'

/** What the answers to other nodes are made from. */
export interface RouteContext {
  identity: Identity
  names: Record<string, string>
  baseUrl: string
  db: Db
  blobs: Blobs
  ledger: LogLedger
  uploads: Uploads
  tenders: TenderStore
  announcing: Announcing
  clock: ClockSource
  log: Logger
  maxBlobBytes: number
  /** Further members of what this node says of itself. */
  describe?: (() => Promise<Record<string, unknown>>) | undefined
  /** A peer says that a space has this size. */
  heardOf(party: string, space: string, size: number): Promise<void>
  /** Something was tendered here or receipted elsewhere. */
  tenderChanged(space: string): void
  /** This node orders the space from now on. */
  hosting(space: string): void
}
