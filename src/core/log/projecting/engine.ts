import type { Act, Json } from '../../../protocol/index.ts'
import type { Logger } from '../../config/types.ts'
import type { ActDefinition, LoggedAct } from '../../module/types.ts'
import type { Darkness, Sealing } from '../../sealing/types.ts'
import type { Blobs, Db, Tx } from '../../storage/types.ts'
import type { FulfilledAt, ProjectionState } from '../governance.ts'
import type { PartReader } from '../part-reader.ts'
import type { Offers } from './offers.ts'

export interface ProjectionContext {
  db: Db
  blobs: Blobs
  parts: PartReader
  sealing: Sealing
  log: Logger
  party: string
  acts: readonly ActDefinition[]
  /** `view.<name>` tables of modules. */
  views: readonly string[]
  fulfilledAt?: FulfilledAt
}

/** Entries just committed, so that projecting them need not read them again. */
export interface Fresh {
  from: number
  entries: readonly { act: Act; leaf: Uint8Array; leafHash: Uint8Array; root: Uint8Array; time: number }[]
  contents: Map<string, Uint8Array>
}

/** State after `size` acts, kept between batches while nobody else projects the space. */
export type Memory = Map<string, { size: number; state: ProjectionState }>

export type Definitions = ReadonlyMap<string, ActDefinition>

export interface Projected {
  acts: LoggedAct[]
  more: boolean
}

export interface Engine {
  context: ProjectionContext
  definitions: Definitions
  memory: Memory
  offers: Offers
  /** From the beginning, with every key this node has by now. */
  anew?: boolean
}

export interface Batch extends Engine {
  tx: Tx
  space: string
  limit: number
  /** Reason to record instead of projecting. */
  poison?: string | undefined
}

export interface Entry {
  act: Act
  index: number
  time: number
  body: Json | undefined
  root: string
  leafHash: string
  leaf: Uint8Array
  dark?: Darkness
}
