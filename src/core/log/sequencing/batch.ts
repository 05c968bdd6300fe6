import type { Act, CheckSignatures } from '../../../protocol/index.ts'
import type { ClockSource, Logger } from '../../config/types.ts'
import type { Identity } from '../../identity/types.ts'
import type { Blobs, Db } from '../../storage/types.ts'
import type { Gate } from '../gate.ts'
import type { Fresh } from '../projecting/engine.ts'
import type { SpaceState, SpaceStates } from '../space-state.ts'
import type { Appended, Handed } from '../types.ts'

/** Acts in one transaction at most. */
export const batchLimit = 256

export interface SequencerContext {
  db: Db
  blobs: Blobs
  clock: ClockSource
  log: Logger
  identity: Identity
  states: SpaceStates
  gate: Gate
  checkSignatures?: CheckSignatures | undefined
  /** Told after commit and guard, before anybody gets an answer. */
  committed?(space: string, fresh: Fresh): void
  /** The same for those who wait for entries elsewhere. */
  appended?(appended: Appended): void
  /** Lines of a space were stored with its newest entries. */
  cosigned?(space: string, by: readonly string[]): void
  /** This node orders the space no longer, and the act that says so has to reach the new host. */
  handedOver?(space: string): void
}

/** What was handed in, read as far as that goes. */
export type Read =
  | { hash: string; act: Act; blobs?: Handed['blobs'] }
  | { hash: string; broken: { rule: string; detail: string } }

export type Decided =
  | { state: 'on-record'; index: number; time: number; repeated: boolean }
  | { state: 'refused'; rule: string; detail: string }
  | { state: 'unavailable'; reason: 'not-hosted' | 'frozen' | 'gate-shut' | 'handed-over' }

export interface Written {
  decided: Decided[]
  /** Newest checkpoint and the state it belongs to, when anything is on record. */
  head?: { note: string; state: SpaceState; line?: string }
  fresh?: Fresh
  /** Payloads of what is new, as far as they are at hand. */
  payloads?: ReadonlyMap<string, Uint8Array>
  /** The last entry this node signed for the space: another party orders it from here on. */
  last?: { size: number; root: string }
}
