import {
  type Act,
  admit,
  advance,
  emptyRoot,
  hostAt,
  type Json,
  leafHash,
  openBlob,
  openSpace,
  peekCheckpoint,
  presentMembers,
  ProtocolError,
  readCheckpoint,
  readLeaf,
  spaceOpenedBody,
  toBase64url,
} from '../../protocol/index.ts'
import type { Identity } from '../identity/types.ts'
import type { Blobs, Db, Tx } from '../storage/types.ts'
import { type Facts, lookUpActs, rememberAct } from './look-up-acts.ts'
import { needsBody, parsePart, type SpaceState, type SpaceStates } from './space-state.ts'
import { emptyTree, entryOf, insertEntries, insertNodes, moveHead, type NewEntry, type Tree } from './tree.ts'
import type { Conflict, Delivery, Ingested, KnownParty } from './types.ts'

export interface ReplicaContext {
  db: Db
  blobs: Blobs
  identity: Identity
  states: SpaceStates
  clock: { now(): number }
  knownParty(party: string): Promise<KnownParty | undefined>
}

/** Nothing of the delivery is kept; `answer` says why. */
export class Stop extends Error {
  readonly answer: Ingested

  constructor(answer: Ingested) {
    super(answer.state)
    this.answer = answer
  }
}

const chunkSize = 256

/**
 * Stores what a host (or another replica of it) delivered, if every entry
 * verifies and all of them together hash to the signed checkpoint. One
 * transaction: what does not verify leaves nothing behind.
 */
export async function ingestDelivery(context: ReplicaContext, space: string, delivery: Delivery): Promise<Ingested> {
  try {
    const { answer, state } = await context.db.transaction().execute((tx) => receive(context, tx, space, delivery))
    if (state) context.states.keep(state)
    return answer
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    if (error.answer.state === 'conflict') await recordConflict(context, error.answer.conflict)
    return error.answer
  }
}

/** Keeps the evidence and freezes the space: nothing is signed or stored for it any more. */
export async function recordConflict(
  { db, clock }: Pick<ReplicaContext, 'db' | 'clock'>,
  conflict: Conflict,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('log.conflict')
      .values({ ...conflict, found_at: clock.now() })
      .onConflict((there) => there.doNothing())
      .execute()
    await tx.updateTable('log.space').set({ frozen: conflict.kind }).where('space', '=', conflict.space).execute()
  })
}

type Received = { answer: Ingested; state?: SpaceState }

async function receive(context: ReplicaContext, tx: Tx, space: string, delivery: Delivery): Promise<Received> {
  const claimed = readOrStop(() => peekCheckpoint(delivery.checkpoint), 0)
  const row = await tx.selectFrom('log.space').selectAll().where('space', '=', space).forUpdate().executeTakeFirst()
  if (row?.hosted) throw refused(0, 'own-space', 'this node orders the space')
  if (row?.frozen) throw refused(row.size, 'frozen', row.frozen)
  const before = row && (await context.states.at(tx, row))
  if (before && claimed.size <= before.admission.size) {
    const conflict = await compareWithLog(tx, before, delivery.checkpoint)
    if (conflict) throw new Stop({ state: 'conflict', conflict })
    const { size, root } = before.admission
    return { answer: { state: 'stored', size, root, stored: 0 } }
  }
  const have = before?.admission.size ?? 0
  if (delivery.from > have) throw new Stop({ state: 'gap', size: have })
  const intake = new Intake(context, tx, space, before, delivery)
  await intake.readAll()
  return intake.finish(claimed)
}

/**
 * Whether a host-signed note of a size we have agrees with our log.
 *
 * @throws ProtocolError when the host did not sign it
 */
export async function compareWithLog(db: Tx | Db, state: SpaceState, note: string): Promise<Conflict | undefined> {
  const { admission } = state
  const { size, root } = peekCheckpoint(note)
  const host = hostAt(admission, Math.max(1, Math.min(size, admission.size)))
  readOrStop(() => readCheckpoint(note, host.origin, host.key), admission.size)
  const entry = await db
    .selectFrom('log.entry')
    .select('root')
    .where('space', '=', admission.space)
    .where('idx', '=', size - 1)
    .executeTakeFirst()
  const own = size === 0 ? emptyRoot : entry?.root
  if (own && Buffer.compare(own, root) === 0) return undefined
  const held = await heldNote(db, admission.space)
  const detail = own
    ? `at size ${size} ours is ${toBase64url(own)}, the note says ${toBase64url(root)}`
    : `size ${size} is signed, ours is ${admission.size}`
  return {
    space: admission.space,
    kind: size === admission.size ? 'same-size' : 'inconsistent',
    held,
    came: note,
    detail,
  }
}

async function heldNote(db: Tx | Db, space: string): Promise<string> {
  const row = await db.selectFrom('log.checkpoint').select('note').where('space', '=', space).executeTakeFirst()
  return row?.note ?? ''
}

/** One delivery under way. */
class Intake {
  #context: ReplicaContext
  #tx: Tx
  #space: string
  #before: SpaceState | undefined
  #delivery: Delivery
  #admission: SpaceState['admission'] | undefined
  #tree: Tree
  /** The whole tree as delivered, when it came from entry 0 on: the other half of a proof of inconsistency. */
  #whole: Tree | undefined
  #differs = false
  #stored = 0
  #chunk: { leaf: Uint8Array; act: Act; time: number }[] = []

  constructor(context: ReplicaContext, tx: Tx, space: string, before: SpaceState | undefined, delivery: Delivery) {
    this.#context = context
    this.#tx = tx
    this.#space = space
    this.#before = before
    this.#delivery = delivery
    this.#admission = before?.admission
    this.#tree = before?.tree.edge() ?? emptyTree()
    this.#whole = before && delivery.from === 0 ? emptyTree() : undefined
  }

  async readAll(): Promise<void> {
    const have = this.#before?.admission.size ?? 0
    let index = this.#delivery.from
    for await (const leaf of this.#delivery.entries) {
      this.#whole?.append(leafHash(leaf))
      if (this.#whole?.size === have && this.#whole) {
        this.#differs = toBase64url(this.#whole.root()) !== this.#before?.admission.root
      }
      if (index >= have && !this.#differs) await this.#take(leaf, index)
      index += 1
    }
    await this.#storeChunk()
  }

  async finish(claimed: { size: number; root: Uint8Array }): Promise<Received> {
    const admission = this.#admission
    if (!admission) throw refused(0, 'opening-body', 'no entries')
    const note = this.#delivery.checkpoint
    const host = hostAt(admission, claimed.size)
    readOrStop(() => readCheckpoint(note, host.origin, host.key), admission.size)
    if (this.#differs) await this.#stopInconsistent(claimed)
    if (claimed.size !== admission.size || Buffer.compare(claimed.root, this.#tree.root()) !== 0) {
      throw refused(
        admission.size,
        'root',
        `${admission.size} entries do not hash to the checkpoint of ${claimed.size}`,
      )
    }
    const { size, root, time } = admission
    await moveHead(this.#tx, this.#space, { size, root: this.#tree.root(), time, host, note, nodes: [] })
    return {
      answer: { state: 'stored', size, root, stored: this.#stored },
      state: { admission, tree: this.#tree },
    }
  }

  /** Delivered from entry 0 on, true to its signed root, and yet not what we hold: two histories. */
  async #stopInconsistent(claimed: { size: number; root: Uint8Array }): Promise<never> {
    const { admission } = this.#before as SpaceState
    if (this.#whole?.size !== claimed.size || Buffer.compare(this.#whole.root(), claimed.root) !== 0) {
      throw refused(admission.size, 'root', 'entries do not hash to the checkpoint')
    }
    const held = await heldNote(this.#tx, this.#space)
    const detail = `the first ${admission.size} entries differ from those stored`
    throw new Stop({
      state: 'conflict',
      conflict: { space: this.#space, kind: 'inconsistent', held, came: this.#delivery.checkpoint, detail },
    })
  }

  async #take(leaf: Uint8Array, index: number): Promise<void> {
    if (index === 0) return this.#open(leaf)
    const {
      act,
      leaf: { time },
    } = readOrStop(() => readLeaf(leaf), index)
    this.#chunk.push({ leaf, act, time })
    if (this.#chunk.length === chunkSize) await this.#storeChunk()
  }

  async #open(leaf: Uint8Array): Promise<void> {
    const { act } = readOrStop(() => readLeaf(leaf), 0)
    if (act.statement.space !== this.#space) throw refused(0, 'wrong-space', act.statement.space)
    const body = await this.#body(act, 0)
    const admission = readOrStop(() => openSpace(leaf, body), 0)
    await requireWelcome(this.#context, admission, body, act)
    const { host, kind, time } = admission
    await this.#tx
      .insertInto('log.space')
      .values({
        space: this.#space,
        kind,
        hosted: false,
        host: host.party,
        origin: host.origin,
        host_key: host.key,
        size: 0,
        root: Buffer.from(emptyRoot),
        time,
        frozen: null,
      })
      .execute()
    this.#admission = admission
    this.#tree.append(leafHash(leaf))
    await insertEntries(this.#tx, this.#space, [
      { ...entryOf(act, 0, time), leaf, leafHash: leafHash(leaf), root: this.#tree.root(), governance: true },
    ])
    this.#stored += 1
  }

  async #storeChunk(): Promise<void> {
    const chunk = this.#chunk
    this.#chunk = []
    if (chunk.length === 0) return
    if (!this.#admission) throw refused(0, 'opening-body', 'the opening act is missing')
    const facts = await lookUpActs(
      this.#tx,
      this.#space,
      chunk.map((one) => one.act),
    )
    const entries: NewEntry[] = []
    const nodes: Parameters<typeof insertNodes>[2][number][] = []
    for (const one of chunk) {
      const { entry, created } = await this.#judge(one, facts)
      entries.push(entry)
      nodes.push(...created)
    }
    await insertEntries(this.#tx, this.#space, entries)
    await insertNodes(this.#tx, this.#space, nodes)
    this.#stored += entries.length
  }

  async #judge({ leaf, act, time }: { leaf: Uint8Array; act: Act; time: number }, facts: Facts) {
    const admission = this.#admission as SpaceState['admission']
    const index = admission.size
    const governance = needsBody(index, act.statement.type)
    const body = governance ? await this.#body(act, index) : undefined
    const verdict = admit(admission, { time, act }, { ...facts.of(act), body })
    if (verdict.verdict !== 'admissible') throw refused(index, verdict.rule, verdict.detail)
    const hash = leafHash(leaf)
    const created = this.#tree.append(hash)
    const root = this.#tree.root()
    this.#admission = readOrStop(() => advance(admission, act, time, toBase64url(root), body), index)
    rememberAct(facts, act, { index, time, root: toBase64url(root) })
    return { entry: { ...entryOf(act, index, time), leaf, leafHash: hash, root, governance }, created }
  }

  async #body(act: Act, index: number): Promise<Json> {
    const part = act.statement.parts.find((one) => one.role === 'body')
    if (!part) return null
    const stored = (await this.#context.blobs.contents(this.#tx, [part.hash])).get(part.hash)
    if (stored) return parsePart(stored)
    const blob = await this.#delivery.fetchBlob?.(part.hash)
    if (!blob) throw refused(index, 'body-missing', part.hash)
    const content = readOrStop(() => openBlob(blob, part.hash), index)
    await this.#context.blobs.put(this.#tx, part.hash, blob)
    return parsePart(content)
  }
}

/** Whether a space nobody here knew may be stored: its host is pinned and we are in it, or it is a register. */
async function requireWelcome(
  context: ReplicaContext,
  admission: SpaceState['admission'],
  body: Json,
  act: Act,
): Promise<void> {
  const { party, first } = context.identity
  if (admission.kind === 'register') {
    if (admission.host.party === party) throw refused(0, 'own-register', 'our register is written here only')
    return
  }
  const host = await context.knownParty(admission.host.party)
  if (host?.state !== 'pinned') throw refused(0, 'host-not-pinned', admission.host.party)
  if (host.host !== admission.host.key) throw refused(0, 'host-key', admission.host.party)
  const opener = admission.opener === admission.host.party ? host : await context.knownParty(admission.opener)
  if (opener?.state !== 'pinned') throw refused(0, 'opener-not-pinned', admission.opener)
  if (
    !opener.actKeys.includes(
      admission.members.get(admission.opener)?.keys.find((key) => key.kid === act.kid)?.key ?? '',
    )
  ) {
    throw refused(0, 'opener-key', admission.opener)
  }
  const own = admission.members.get(party)
  if (!own || own.first !== first) throw refused(0, 'not-invited', party)
  if (!presentMembers(admission).includes(admission.host.party))
    throw refused(0, 'host-not-a-member', admission.host.party)
  for (const { party: member, register } of spaceOpenedBody.parse(body).members) {
    const known = await context.knownParty(member)
    if (known && known.first !== register.first) throw refused(0, 'member-register', member)
  }
}

function refused(index: number, rule: string, detail: string): Stop {
  return new Stop({ state: 'refused', index, rule, detail })
}

function readOrStop<T>(read: () => T, index: number): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) throw refused(index, error.rule, error.detail)
    throw error
  }
}
