import { sql } from 'kysely'
import {
  hostAt,
  type Json,
  openBlob,
  ProtocolError,
  readCheckpoint,
  signCheckpoint,
  type StoredPart,
} from '../../protocol/index.ts'
import type { Identity } from '../identity/types.ts'
import { appendEntries, hostKeyOf, listGoneParts, parsePart } from '../log/index.ts'
import type { Blobs, Db, Tx } from '../storage/types.ts'
import { findTarget, type Target } from './find-target.ts'
import { chunkSize, compareStored, isWhole, readStored } from './read-stored.ts'
import { Recomputation, type Recomputed } from './recompute.ts'
import type { Sources } from './types.ts'

export interface MendingContext {
  db: Db
  blobs: Blobs
  identity: Identity
  sources: Sources
}

/** `from`: the party that gave the right bytes; ours where what we hold was enough to compute the rest again. */
export type Mended = { state: 'mended'; from: string } | { state: 'cannot'; why: string }

/**
 * Stores a frozen space right again: leaves and payloads from members where ours are wrong, all else computed from
 * them. Nothing is taken that does not hash to a checkpoint the host signed; one transaction.
 */
export async function mendSpace(
  context: MendingContext,
  space: string,
  options: { beyond?: boolean } = {},
): Promise<Mended> {
  const target = await findTarget(context, space, options)
  if (!target) return { state: 'cannot', why: 'no member that can be reached gives entries that verify' }
  try {
    return await context.db.transaction().execute(async (tx) => new Mending(context, tx, space, target).run())
  } catch (error) {
    if (error instanceof CannotMend || error instanceof ProtocolError) return { state: 'cannot', why: error.message }
    throw error
  }
}

class CannotMend extends Error {}

class Mending {
  #from: string
  readonly #context: MendingContext
  readonly #tx: Tx
  readonly #space: string
  readonly #target: Target
  readonly #roots: string[] = []
  readonly #acts = new Set<string>()

  constructor(context: MendingContext, tx: Tx, space: string, target: Target) {
    this.#context = context
    this.#tx = tx
    this.#space = space
    this.#target = target
    this.#from = target.from ?? context.identity.party
  }

  async run(): Promise<Mended> {
    const { size } = this.#target
    await this.#tx.selectFrom('log.space').select('space').where('space', '=', this.#space).forUpdate().execute()
    const run = new Recomputation(this.#space)
    await this.#removeBeyond(size)
    for (let from = 0; from < size; from += chunkSize) {
      await this.#mendChunk(run, from, Math.min(from + chunkSize, size))
      run.tree = run.tree.edge()
    }
    await this.#mendHead(run)
    return { state: 'mended', from: this.#from }
  }

  async #mendChunk(run: Recomputation, from: number, to: number): Promise<void> {
    const stored = await readStored(this.#tx, this.#space, from, to)
    const leaves = this.#target.replaced.get(from / chunkSize) ?? stored.map((row) => row.leaf)
    const computed: Recomputed[] = []
    for (const leaf of leaves) {
      const one = await run.add(leaf, (commitment) => this.#body(commitment), {
        rootAt: (size) => this.#roots[size - 1],
        has: (hash) => this.#acts.has(hash),
      })
      computed.push(one)
      this.#roots.push(Buffer.from(one.entry.root).toString('base64url'))
      this.#acts.add(one.entry.hash)
    }
    const isSame =
      stored.length === computed.length &&
      computed.every(({ entry }, at) => stored[at]?.idx === entry.index && stored[at].leaf.equals(entry.leaf)) &&
      (await compareStored(this.#tx, this.#space, stored, computed)).length === 0
    if (!isSame) await this.#rewrite(from, to, computed)
    const gone = await listGoneParts(this.#tx, this.#space)
    for (const { entry } of computed)
      for (const part of entry.parts)
        if (!gone.has(part.hash) && !gone.has(part.plain ?? '')) await this.#mendPayload(part)
  }

  async #rewrite(from: number, to: number, computed: readonly Recomputed[]): Promise<void> {
    const nodes = computed.flatMap((one) => one.nodes)
    for (const table of ['log.entry', 'log.part'] as const)
      await this.#tx
        .deleteFrom(table)
        .where('space', '=', this.#space)
        .where('idx', '>=', from)
        .where('idx', '<', to)
        .execute()
    await sql`delete from log.node n using
      unnest(${nodes.map((node) => node.level)}::int[], ${nodes.map((node) => node.index)}::bigint[]) as w(level, idx)
      where n.space = ${this.#space} and n.level = w.level and n.idx = w.idx`.execute(this.#tx)
    await appendEntries(this.#tx, this.#space, { entries: computed.map((one) => one.entry), nodes })
  }

  async #removeBeyond(size: number): Promise<void> {
    for (const table of ['log.entry', 'log.part'] as const)
      await this.#tx.deleteFrom(table).where('space', '=', this.#space).where('idx', '>=', size).execute()
    await sql`delete from log.node where space = ${this.#space}
      and (idx + 1)::numeric * (2::numeric ^ level) > ${size}`.execute(this.#tx)
  }

  async #body(commitment: string): Promise<Json> {
    await this.#mendPayload({ role: 'keys', hash: commitment, size: 0 }, true)
    const blob = await this.#context.blobs.find(this.#tx, commitment)
    if (!blob) throw new CannotMend(`the body ${commitment} is nowhere to be had`)
    return parsePart(openBlob(blob, commitment))
  }

  async #mendPayload(part: StoredPart, isNeeded = false): Promise<void> {
    const { blobs } = this.#context
    const own = await blobs.find(this.#tx, part.hash)
    if (own && isWhole(own, part)) return
    const isThere = (await blobs.has(this.#tx, [part.hash])).has(part.hash)
    // What never came, replication fetches; a host had it, and a payload with a row was here.
    const mustBeHere = this.#target.hosted && part.plain == null && part.role !== 'keys'
    if (!isThere && !mustBeHere && !isNeeded) return
    const found = await this.#fetch(part)
    if (!found) throw new CannotMend(`payload ${part.hash} is nowhere to be had`)
    await blobs.erase(this.#tx, part.hash)
    await blobs.put(this.#tx, part.hash, found)
  }

  async #fetch(part: StoredPart): Promise<Uint8Array | undefined> {
    const { sources } = this.#context
    for (const party of await sources.membersOf(this.#space)) {
      const blob = await sources.blob(party, this.#space, part.hash)
      if (!blob || !isWhole(blob, part)) continue
      this.#from = party
      return blob
    }
    return undefined
  }

  async #mendHead({ admission, tree }: Recomputation): Promise<void> {
    const { size, notes, hosted } = this.#target
    if (!admission) throw new CannotMend('there are no entries')
    const root = tree.root()
    const host = hostAt(admission, size)
    const signed = notes.find((note) => {
      try {
        const read = readCheckpoint(note, host.origin, host.key)
        return read.size === size && Buffer.compare(read.root, root) === 0
      } catch (error) {
        if (error instanceof ProtocolError) return false
        throw error
      }
    })
    // The same words of ours over the same tree: Ed25519 gives the same line again.
    const note =
      signed ??
      (hosted
        ? signCheckpoint({ origin: host.origin, size, root }, hostKeyOf(this.#context.identity, host))
        : undefined)
    if (!note) throw new CannotMend('no checkpoint of the host is to be had for these entries')
    const head = { size, root, time: admission.time, host, note }
    await appendEntries(this.#tx, this.#space, { entries: [], nodes: [], head })
  }
}
