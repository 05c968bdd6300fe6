import type { Federation } from '../../src/core/federation/index.ts'
import type { Identity } from '../../src/core/identity/index.ts'
import type { LogLedger } from '../../src/core/log/index.ts'
import type { Database } from '../../src/core/storage/index.ts'
import type { House, SimNode } from '../simulation/house.ts'
import type { VirtualWire } from '../simulation/virtual-wire.ts'

/** What adversaries and the oracle see of a node, be it simulated or a process of its own. */
export interface StageNode {
  name: string
  party: string
  now: {
    identity: Identity
    database: Pick<Database, 'db'>
    ledger: LogLedger
    federation?: Pick<Federation, 'tenders'>
  }
}

/** What an adversary finds: a space that the first node orders and the others believe it to. */
export interface Stage {
  house: {
    nodes: readonly StageNode[]
    wire: Pick<VirtualWire, 'door'>
    time: { now(): number }
    run: House['run']
  }
  host: StageNode
  members: readonly StageNode[]
  space: string
  /** In [0, 1). */
  random(): number
  /** Signs, sends and forgets; runs nothing. */
  send(from: StageNode, text: string): void
}

/** The same in virtual time, where second processes, crashes and cuts are at hand. */
export interface Scene extends Stage {
  house: House
  host: SimNode
  members: readonly SimNode[]
  send(from: SimNode, text: string): void
}

/** One way for a host to misbehave. */
export interface Adversary<S extends Stage = Scene> {
  name: string
  /** Rows of the fault table it plays. */
  rows: readonly number[]
  /**
   * What honest members must end up holding against the host: a contradiction of its own words, or what members attest
   * against it (`ignored-tender`); `nothing` where nobody can be accused.
   */
  evidence: 'two-histories' | 'inadmissible-entry' | 'refused-on-record' | 'ignored-tender' | 'nothing'
  /** Turns the host bad now. What it sets up lasts until the doors of the house are opened again. */
  strike(scene: S): Promise<void>
  /** What at least one file of evidence must show besides; in words what it lacks. */
  demands?(evidence: Uint8Array): string | undefined
  /** Before it can be seen so much time has to pass in which nothing happens, ms. */
  waitMs?: number
  /** Instead of evidence, for adversaries against whom there is none: what must hold at the end. */
  endured?(scene: S): Promise<string | undefined>
}

/** One that can also be played by a process. */
export type StagedAdversary = Adversary<Stage>
