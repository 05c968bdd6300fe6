import type { House, SimNode } from '../simulation/house.ts'

/** What an adversary finds: a space that the first node orders and the others believe it to. */
export interface Scene {
  house: House
  host: SimNode
  members: readonly SimNode[]
  space: string
  /** In [0, 1). */
  random(): number
  /** Signs, sends and forgets; runs nothing. */
  send(from: SimNode, text: string): void
}

/** One way for a host to misbehave. */
export interface Adversary {
  name: string
  /** Rows of the fault table it plays. */
  rows: readonly number[]
  /**
   * What honest members must end up holding against the host: a contradiction of its own words, or what members attest
   * against it (`ignored-tender`); `nothing` where nobody can be accused.
   */
  evidence: 'two-histories' | 'inadmissible-entry' | 'refused-on-record' | 'ignored-tender' | 'nothing'
  /** Turns the host bad now. What it sets up lasts until the doors of the house are opened again. */
  strike(scene: Scene): Promise<void>
  /** What at least one file of evidence must show besides; in words what it lacks. */
  demands?(evidence: Uint8Array): string | undefined
  /** Before it can be seen so much time has to pass in which nothing happens, ms. */
  waitMs?: number
  /** Instead of evidence, for adversaries against whom there is none: what must hold at the end. */
  endured?(scene: Scene): Promise<string | undefined>
}
