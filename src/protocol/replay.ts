import { admit } from './admit.ts'
import type { AdmissionState } from './admission-state.ts'
import { changesState, type NoEffect, type Outcome, step } from './advance.ts'
import { toBase64url } from './bytes.ts'
import { readLeaf } from './leaves.ts'
import { appendNodes, leafHash, type NodeAt, type ReadNode, rootFrom } from './merkle.ts'
import { openSpace } from './open-space.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Rule } from './rules.ts'
import type { Act, Json } from './types.ts'

/** One entry of a log as replay found it. */
export interface ReplayedEntry {
  index: number
  act: Act
  /** Leaf time, ms. */
  time: number
  /** Why an admissible governance act changed nothing. */
  withoutEffect?: NoEffect
}

/** A log replayed from its entries alone. */
export interface Replay {
  state: AdmissionState
  entries: ReplayedEntry[]
  /** base64url root at a size; undefined for a size that the log has not reached. */
  rootAt(size: number): string | undefined
  nodeAt: ReadNode
}

/** What failed, and at which entry. */
export class ReplayError extends ProtocolError {
  override name = 'ReplayError'
  readonly index: number
  readonly act?: string

  constructor(error: ProtocolError, index: number, act?: string) {
    super(error.rule, error.detail)
    this.cause = error
    this.index = index
    if (act !== undefined) this.act = act
  }
}

/**
 * Judges every entry by the ones before it, exactly as its host had to.
 *
 * @param bodyOf - Content of an act's body part; asked only where admission or membership depends on it.
 * @param leafHashes - Of the entries, where the caller has computed them already.
 * @throws ReplayError the first entry that is inadmissible or cannot be judged
 */
export function replayLog(
  entries: readonly Uint8Array[],
  bodyOf: (act: Act) => Json | undefined,
  leafHashes: readonly Uint8Array[] = [],
): Replay {
  const log = new GrowingLog(bodyOf)
  entries.forEach((bytes, index) => {
    log.take(bytes, leafHashes[index])
  })
  return log.result()
}

class GrowingLog {
  readonly #bodyOf: (act: Act) => Json | undefined
  readonly #nodes: Uint8Array[][] = []
  readonly #byId = new Map<string, string>()
  readonly #acts = new Set<string>()
  readonly #roots = new Map<number, string>()
  readonly #entries: ReplayedEntry[] = []
  #state: AdmissionState | undefined

  constructor(bodyOf: (act: Act) => Json | undefined) {
    this.#bodyOf = bodyOf
  }

  take(bytes: Uint8Array, hashed?: Uint8Array): void {
    const index = this.#entries.length
    let act: Act | undefined
    try {
      const read = readLeaf(bytes)
      act = read.act
      this.#appendNodes(hashed ?? leafHash(bytes), index)
      const next = this.#state ? this.#judge(this.#state, read.act, read.leaf.time) : this.#open(bytes, read.act)
      this.#state = next.state
      this.#byId.set(`${act.statement.author} ${act.statement.id}`, act.hash)
      this.#acts.add(act.hash)
      const { withoutEffect } = next
      this.#entries.push({ index, act, time: read.leaf.time, ...(withoutEffect ? { withoutEffect } : {}) })
    } catch (error) {
      if (error instanceof ProtocolError) throw new ReplayError(error, index, act?.hash)
      throw error
    }
  }

  result(): Replay {
    const state = this.#state
    if (!state) throw new ProtocolError('tree-size', 'a log without entries')
    return {
      state: { ...state, root: this.#rootAt(state.size) as string },
      entries: this.#entries,
      rootAt: this.#rootAt,
      nodeAt: this.#nodeAt,
    }
  }

  readonly #nodeAt = ({ level, index }: NodeAt): Uint8Array => {
    const hash = this.#nodes[level]?.[index]
    if (!hash) throw new ProtocolError('tree-size', `node ${level}/${index}`)
    return hash
  }

  #appendNodes(leaf: Uint8Array, index: number): void {
    for (const { level, index: at, hash } of appendNodes(index, leaf, this.#nodeAt)) {
      const row = this.#nodes[level] ?? []
      this.#nodes[level] = row
      row[at] = hash
    }
  }

  readonly #rootAt = (size: number): string | undefined => {
    if (!Number.isSafeInteger(size) || size < 0 || size > (this.#nodes[0]?.length ?? 0)) return undefined
    const root = this.#roots.get(size) ?? toBase64url(rootFrom(size, this.#nodeAt))
    this.#roots.set(size, root)
    return root
  }

  #open(bytes: Uint8Array, act: Act): Outcome {
    const body = this.#bodyOf(act)
    if (body === undefined) throw new ProtocolError('body-missing', act.hash)
    return { state: openSpace(bytes, body) }
  }

  #judge(state: AdmissionState, act: Act, time: number): Outcome {
    const { author, id, seen, after, type } = act.statement
    const body = changesState(type) ? this.#bodyOf(act) : undefined
    // The root of the newest size is computed only for an act that has seen it.
    const judging = seen.size === state.size ? { ...state, root: this.#rootAt(state.size) as string } : state
    const verdict = admit(
      judging,
      { time, act },
      {
        sameId: this.#byId.get(`${author} ${id}`),
        rootAtSeen: this.#rootAt(seen.size),
        afterMissing: (after ?? []).filter((hash) => !this.#acts.has(hash)),
        body,
      },
    )
    if (verdict.verdict !== 'admissible') throw new ProtocolError(verdict.rule as Rule, verdict.detail)
    return step(state, act, { time, newRoot: '', body })
  }
}
