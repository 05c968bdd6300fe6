import type { Policy } from '../../protocol/index.ts'
import type { SpaceFacts } from '../module/acts.ts'

/** What an act on the record can further be: its space's policy met, every member that was in has it. */
export type Level = 'witnessed' | 'confirmed-by-all'

/** How far one act has come. Facts beside it: nothing in a projection depends on them. */
export interface Standing {
  word: 'on-the-record' | Level
  /** When this node first knew, ms. */
  since: Partial<Record<Level, number>>
  /** Members that confirmed they hold it, and when (ms), earliest first; the host’s checkpoint is its own word. */
  holders: { party: string; at: number }[]
  /** Witnesses from outside on a checkpoint over it. */
  witnesses: { name: string; at: number }[]
  /** Whose lines are still needed: the fewest that make the policy, and every member without one. */
  missing: Record<Level, string[]>
}

/** When an act of a space counts as witnessed. */
export interface SpacePolicy {
  policy: Policy
  /** Act that set it; without one it follows from the members. */
  act?: { index: number; hash: string; author: string }
}

/** Policies some members posted and too few agreed to yet. */
export interface ProposedPolicy {
  text: string
  hash: string
  parties: string[]
}

/** A checkpoint over an act with lines that meet the level: what a later act carries. */
export interface CosignedCheckpoint {
  /** Signed note with at most 16 lines. */
  checkpoint: string
  /** Lines that found no place in it. */
  lines?: string[]
}

/** An answer to a demand. */
export type Demanded =
  /** Without evidence where no one checkpoint has all the lines. */
  | { met: true; evidence?: CosignedCheckpoint }
  /** `missing`: whose lines, by party or witness name. */
  | { met: false; missing: string[] }

/** What modules and release may ask of witnessing. */
export interface Finality {
  /** Of the acts from index `from` to `to`, in one query. */
  standings(space: SpaceFacts, from: number, to: number): Promise<(index: number) => Standing>
  policyOf(space: string): Promise<SpacePolicy>
  proposedPolicies(space: string): Promise<ProposedPolicy[]>
  /** Up to which size everything is witnessed, and confirmed by all, under a policy: for a preview, or as it is. */
  reach(space: string, policy?: Policy): Promise<Record<Level, number>>
  /** Has the act come so far, and what proves it? Waits up to `waitMs` for lines on their way. */
  demand(act: { space: string; index: number }, level: Level, waitMs?: number): Promise<Demanded>
  /** Witnesses this operator configured, with how far each has come. */
  outside(space: string): Promise<OutsideState[]>
}

/** A witness of this node's configuration. */
export interface OutsideWitness {
  /** Verifier key, C2SP: name, id, key. */
  key: string
  /** Submission prefix. */
  url: string
  /** `named`: only spaces whose policy names it. `all`: every space hosted here, registers too. Default `named`. */
  for?: 'named' | 'all'
}

export interface OutsideState {
  name: string
  url: string
  /** Largest size of this space it cosigned. */
  size: number
  /** ms of the newest line. */
  at?: number
  state: 'current' | 'behind' | 'unreachable' | 'lost-state' | 'disagrees'
}

/** Waiting times of witnessing, all ms. Tests shorten them. */
export interface WitnessPace {
  /** Least time between two submissions of one space to one witness. */
  submitMs: number
  /** Longest wait for a witness's answer. */
  answerMs: number
  retryFirstMs: number
  retryLongestMs: number
  /** Least time between two ML-DSA-44 lines on one space. */
  mlDsaMs: number
}

export const usualWitnessPace: WitnessPace = {
  submitMs: 1_000,
  answerMs: 10_000,
  retryFirstMs: 1_000,
  retryLongestMs: 300_000,
  mlDsaMs: 60_000,
}
