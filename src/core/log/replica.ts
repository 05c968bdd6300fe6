import {
  type Act,
  admit,
  advance,
  emptyRoot,
  hostAt,
  type HostSpan,
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
  verifyActsAhead,
  type CheckSignatures,
} from '../../protocol/index.ts'
import type { Identity } from '../identity/types.ts'
import type { Db, Reader, Tx } from '../storage/types.ts'
import { isSealedOpening } from './opening.ts'
import { type Facts, lookUpActs, rememberAct } from './look-up-acts.ts'
import { needsBody, parsePart, type SpaceState } from './space-state.ts'
import { appendEntries, emptyTree, entryOf, type NewEntry, type NewHead, type NewNodes, type Tree } from './tree.ts'
import { type Circumstances, type Contradicting, convict, hostLineOnly } from './contradiction.ts'
import type { Fresh } from './projecting/engine.ts'
import type { Delivery, Ingested, KnownParty } from './types.ts'
import { compareHeard, witnessNote, type WitnessingContext } from './witnessing.ts'

export interface ReplicaContext extends WitnessingContext {
  identity: Identity
  knownParty(party: string, reader?: Reader): Promise<KnownParty | undefined>
  checkSignatures?: CheckSignatures | undefined
}

/** Nothing of the delivery is kept; `answer` says why. */
export class Stop extends Error {
  readonly answer: Ingested
  /** What the delivery itself proves against its host. */
  readonly found?: { found: Contradicting; circumstances: Circumstances }

  constructor(answer: Ingested, found?: Stop['found']) {
    super(answer.state)
    this.answer = answer
    if (found) this.found = found
  }
}

/** An entry that no host may have sequenced. */
class Inadmissible extends Stop {}

const chunkSize = 256

/**
 * Stores what a host (or another replica of it) delivered, if every entry
 * verifies and all of them together hash to the signed checkpoint. One
 * transaction: what does not verify leaves nothing behind.
 */
export async function ingestDelivery(
  context: ReplicaContext,
  space: string,
  delivery: Delivery,
): Promise<{ answer: Ingested; fresh?: Fresh }> {
  try {
    const received = await context.db.transaction().execute((tx) => receive(context, tx, space, delivery))
    const { answer, state, heard } = received
    if (state) context.states.keep(state)
    const conflict = await (state
      ? heard && compareHeard(context, space)
      : answer.state === 'stored' && witnessNote(context, space, delivery.checkpoint))
    return conflict ? { answer: { state: 'conflict', conflict } } : { answer, fresh: freshOf(received, delivery) }
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    const conflict = error.found && (await convict(context, error.found.found, error.found.circumstances))
    return { answer: conflict ? { state: 'conflict', conflict } : error.answer }
  }
}

/** What came in one piece with all its bodies can be projected without being read again. */
function freshOf({ fresh: entries = [] }: Received, { blobs }: Delivery): Fresh | undefined {
  const [first] = entries
  if (!first || !blobs) return undefined
  const contents = new Map<string, Uint8Array>()
  for (const { act } of entries) {
    const body = act.statement.parts.find((part) => part.role === 'body')?.hash
    if (body === undefined) continue
    const blob = blobs.get(body)
    if (!blob) return undefined
    contents.set(body, openBlob(blob, body))
  }
  return { from: first.index, entries, contents }
}

type Judged = NewEntry & { act: Act }

export interface Received {
  answer: Ingested
  state?: SpaceState
  heard?: boolean
  /** All that was stored, if it came in one chunk. */
  fresh?: readonly Judged[]
}

/** Judges and stores a delivery in the caller's transaction. @throws Stop when nothing of it may be kept */
export async function receive(context: ReplicaContext, tx: Tx, space: string, delivery: Delivery): Promise<Received> {
  const claimed = readOrStop(() => peekCheckpoint(delivery.checkpoint), 0)
  const row = await tx
    .selectFrom('log.space')
    .selectAll()
    .select((q) => q.exists(q.selectFrom('log.heard').select('size').where('space', '=', space)).as('heard'))
    .where('space', '=', space)
    .forUpdate()
    .executeTakeFirst()
  // What we order ourselves comes from nobody else, unless its members made another party the host.
  if (row?.hosted && claimed.size <= row.size) throw refused(0, 'own-space', 'this node orders the space')
  if (row?.frozen) throw refused(row.size, 'frozen', row.frozen)
  const before = row && (await context.states.at(tx, row))
  if (before && claimed.size <= before.admission.size) {
    const { size, root } = before.admission
    const host = hostAt(before.admission, Math.max(1, claimed.size))
    readOrStop(() => readCheckpoint(delivery.checkpoint, host.origin, host.key), size)
    return { answer: { state: 'stored', size, root, stored: 0 } }
  }
  const have = before?.admission.size ?? 0
  if (delivery.from > have) throw new Stop({ state: 'gap', size: have })
  if (delivery.blobs) await context.blobs.putAll(tx, delivery.blobs)
  const intake = new Intake(context, tx, space, before, delivery)
  await intake.readAll()
  if (row?.hosted) await intake.giveUpHosting()
  return { ...(await intake.finish(claimed)), heard: row?.heard === true }
}

async function heldNote(db: Tx | Db, space: string): Promise<string> {
  const row = await db.selectFrom('log.checkpoint').select('note').where('space', '=', space).executeTakeFirst()
  return row?.note ?? ''
}

type Claimed = { size: number; root: Uint8Array }
type Broken = { index: number; leaf: Uint8Array; stop: Stop }

interface Unjudged {
  leaf: Uint8Array
  act: Act
  time: number
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
  /** Root of the delivered tree at the size we have. */
  #rootAtHave = ''
  /** The first entry that may not stand; what follows is only hashed. */
  #broken: Broken | undefined
  #stored = 0
  #chunk: Unjudged[] = []
  #judging = Promise.resolve()
  /** Judged and not written yet: the last of them are written together with the head. */
  #entries: Judged[] = []
  #nodes: NewNodes[number][] = []

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
    try {
      await this.#readEntries()
    } finally {
      // Nothing may go on in a transaction that has ended.
      await this.#judging.catch(() => undefined)
    }
  }

  async #readEntries(): Promise<void> {
    const have = this.#before?.admission.size ?? 0
    let index = this.#delivery.from
    for await (const leaf of this.#delivery.entries) {
      this.#whole?.append(leafHash(leaf))
      if (this.#whole?.size === have && this.#whole) {
        this.#rootAtHave = toBase64url(this.#whole.root())
        this.#differs = this.#rootAtHave !== this.#before?.admission.root
      }
      if (index >= have && !this.#differs) await this.#take(leaf, index)
      index += 1
    }
    await this.#judgeAll()
  }

  /** Nothing is signed here for the space from now on. @throws Stop unless what came makes another party the host */
  async giveUpHosting(): Promise<void> {
    const host = this.#admission?.host.party
    if (host === undefined || host === this.#context.identity.party)
      throw refused(0, 'own-space', 'this node orders the space')
    await this.#tx.updateTable('log.space').set({ hosted: false }).where('space', '=', this.#space).execute()
  }

  async finish(claimed: { size: number; root: Uint8Array }): Promise<Received> {
    const admission = this.#admission
    if (!admission) throw refused(0, 'opening-body', 'no entries')
    const note = this.#delivery.checkpoint
    const host = hostAt(admission, claimed.size)
    readOrStop(() => readCheckpoint(note, host.origin, host.key), admission.size)
    if (this.#differs) await this.#stopInconsistent(claimed, host)
    if (this.#broken) await this.#stopInadmissible(this.#broken, claimed, host)
    if (claimed.size !== admission.size || Buffer.compare(claimed.root, this.#tree.root()) !== 0) {
      throw refused(
        admission.size,
        'root',
        `${admission.size} entries do not hash to the checkpoint of ${claimed.size}`,
      )
    }
    this.#requireInvited(admission)
    const { size, root, time } = admission
    const last = this.#entries
    await this.#write({ size, root: this.#tree.root(), time, host, note })
    return {
      answer: { state: 'stored', size, root, stored: this.#stored },
      state: { admission, tree: this.#tree, roots: this.#before?.roots ?? new Map() },
      ...(last.length === this.#stored ? { fresh: last } : {}),
    }
  }

  /** A space that comes here for the first time has us among its members by its newest entry. */
  #requireInvited(admission: SpaceState['admission']): void {
    const { party, first } = this.#context.identity
    if (this.#before || admission.kind === 'register') return
    if (admission.members.get(party)?.first !== first) throw refused(0, 'not-invited', party)
  }

  /** Delivered from entry 0 on, true to its signed root, and yet not what we hold: two histories. */
  async #stopInconsistent(claimed: Claimed, host: HostSpan): Promise<never> {
    const { admission } = this.#before as SpaceState
    const whole = this.#whole
    if (whole?.size !== claimed.size || Buffer.compare(whole.root(), claimed.root) !== 0) {
      throw refused(admission.size, 'root', 'entries do not hash to the checkpoint')
    }
    const held = hostLineOnly(await heldNote(this.#tx, this.#space))
    const came = hostLineOnly(this.#delivery.checkpoint)
    const detail = `the first ${admission.size} entries differ from those stored`
    const found: Contradicting = {
      kind: 'two-histories',
      space: this.#space,
      accused: { party: host.party, role: 'host', key: host.key },
      notes: [held, came],
      proof: { root: this.#rootAtHave, path: whole.consistency(admission.size) },
    }
    const answer: Ingested = { state: 'refused', index: admission.size, rule: 'root', detail }
    throw new Stop(answer, { found, circumstances: { held, came, detail } })
  }

  /** All entries hash to what the host signed, and one of them may not stand. Otherwise nobody is accused. */
  async #stopInadmissible(broken: Broken, claimed: Claimed, host: HostSpan): Promise<never> {
    const { index, leaf, stop } = broken
    if (this.#tree.size !== claimed.size || Buffer.compare(this.#tree.root(), claimed.root) !== 0) throw stop
    await this.#write()
    const rows = await this.#tx
      .selectFrom('log.entry')
      .select(['leaf', 'governance'])
      .where('space', '=', this.#space)
      .where('idx', '<', index)
      .orderBy('idx')
      .execute()
    const came = hostLineOnly(this.#delivery.checkpoint)
    const found: Contradicting = {
      kind: 'inadmissible-entry',
      space: this.#space,
      accused: { party: host.party, role: 'host', key: host.key },
      notes: [came],
      entries: [...rows.map((row) => row.leaf), leaf].map(toBase64url),
      bodies: await this.#bodies([...rows.filter((row) => row.governance).map((row) => row.leaf), leaf]),
      path: index + 1 === claimed.size ? [] : this.#tree.consistency(index + 1),
    }
    const held = hostLineOnly(await heldNote(this.#tx, this.#space))
    const { rule, detail } = stop.answer as Ingested & { state: 'refused' }
    throw new Stop(stop.answer, { found, circumstances: { held, came, detail: `entry ${index}: ${rule} ${detail}` } })
  }

  async #bodies(leaves: Uint8Array[]): Promise<string[]> {
    const hashes = leaves.flatMap((leaf) => {
      try {
        return readLeaf(leaf).act.statement.parts.filter(({ role }) => role === 'body')
      } catch {
        return []
      }
    })
    const found = await Promise.all(hashes.map(({ hash }) => this.#context.blobs.find(this.#tx, hash)))
    return found.flatMap((blob) => (blob ? [toBase64url(blob)] : []))
  }

  async #take(leaf: Uint8Array, index: number): Promise<void> {
    if (index === 0) return this.#open(leaf)
    const read = this.#read(leaf, index)
    if (!(read instanceof Stop)) {
      this.#chunk.push({ leaf, act: read.act, time: read.leaf.time })
      if (this.#chunk.length === chunkSize) await this.#judgeAside()
      return
    }
    await this.#judgeAll()
    this.#broken ??= { index, leaf, stop: read }
    this.#tree.append(leafHash(leaf))
  }

  /** Signatures are checked aside. A key that changes within the chunk is asked again. */
  async #verifyAhead(chunk: readonly { act: Act }[]): Promise<void> {
    const { checkSignatures } = this.#context
    const members = this.#admission?.members
    if (!checkSignatures || !members) return
    const signed = chunk.flatMap(({ act }) => {
      const key = members.get(act.statement.author)?.keys.find(({ kid }) => kid === act.kid)
      return key ? [{ act, publicKey: key.key }] : []
    })
    await verifyActsAhead(signed, checkSignatures)
  }

  #read(leaf: Uint8Array, index: number): ReturnType<typeof readLeaf> | Stop {
    try {
      return readLeaf(leaf)
    } catch (error) {
      if (error instanceof ProtocolError) return refused(index, error.rule, error.detail)
      throw error
    }
  }

  async #open(leaf: Uint8Array): Promise<void> {
    const { act } = readOrStop(() => readLeaf(leaf), 0)
    if (act.statement.space !== this.#space) throw refused(0, 'wrong-space', act.statement.space)
    const body = await this.#body(act, 0)
    const admission = readOrStop(() => openSpace(leaf, body), 0)
    await requireWelcome(this.#context, this.#tx, admission, body, act)
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
        sealed: isSealedOpening(body),
      })
      .execute()
    this.#admission = admission
    this.#tree.append(leafHash(leaf))
    const root = this.#tree.root()
    this.#entries.push({ ...entryOf(act, 0, time), act, leaf, leafHash: leafHash(leaf), root, governance: true })
    await this.#write()
  }

  /** Has what was read judged while further entries are read: one chunk at a time, its signatures before its turn. */
  async #judgeAside(): Promise<void> {
    const chunk = this.#chunk
    this.#chunk = []
    const verified = this.#verifyAhead(chunk)
    await this.#judging
    this.#judging = this.#judgeChunk(chunk, verified)
    // Whoever waits for it next hears of its failure.
    this.#judging.catch(() => undefined)
  }

  async #judgeAll(): Promise<void> {
    await this.#judgeAside()
    await this.#judging
  }

  async #judgeChunk(chunk: readonly Unjudged[], verified: Promise<void>): Promise<void> {
    if (chunk.length === 0) return
    if (!this.#admission) throw refused(0, 'opening-body', 'the opening act is missing')
    const acts = chunk.map((one) => one.act)
    await this.#write()
    const [facts] = await Promise.all([lookUpActs(this.#tx, this.#space, acts), verified])
    for (const one of chunk) {
      if (this.#broken) this.#tree.append(leafHash(one.leaf))
      else await this.#judge(one, facts)
    }
  }

  async #write(head?: NewHead): Promise<void> {
    const entries = this.#entries
    const nodes = this.#nodes
    this.#entries = []
    this.#nodes = []
    if (entries.length > 0 || head) await appendEntries(this.#tx, this.#space, { entries, nodes, head })
    this.#stored += entries.length
  }

  /** An entry that may not stand is kept as broken. */
  async #judge(one: Unjudged, facts: Facts): Promise<void> {
    const index = (this.#admission as SpaceState['admission']).size
    try {
      await this.#admit(one, facts)
    } catch (error) {
      if (!(error instanceof Inadmissible)) throw error
      this.#broken = { index, leaf: one.leaf, stop: error }
      this.#tree.append(leafHash(one.leaf))
    }
  }

  async #admit({ leaf, act, time }: Unjudged, facts: Facts): Promise<void> {
    const admission = this.#admission as SpaceState['admission']
    const index = admission.size
    const governance = needsBody(index, act.statement.type)
    const body = governance ? await this.#body(act, index) : undefined
    const verdict = admit(admission, { time, act }, { ...facts.of(act), body })
    if (verdict.verdict === 'inadmissible') throw inadmissible(index, verdict.rule, verdict.detail)
    if (verdict.verdict !== 'admissible') throw refused(index, verdict.rule, verdict.detail)
    const hash = leafHash(leaf)
    this.#nodes.push(...this.#tree.append(hash))
    const root = this.#tree.root()
    this.#admission = readOrStop(() => advance(admission, act, time, toBase64url(root), body), index)
    rememberAct(facts, act, { index, time, root: toBase64url(root) })
    this.#entries.push({ ...entryOf(act, index, time), act, leaf, leafHash: hash, root, governance })
  }

  async #body(act: Act, index: number): Promise<Json> {
    const part = act.statement.parts.find((one) => one.role === 'body')
    // A sealed body of governance can be read by nobody who must judge it.
    if (!part) return null
    if (part.enc) throw refused(index, 'body-missing', part.hash)
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
// Reads within the transaction: openings that wait for a second connection each would wait for one another.
async function requireWelcome(
  context: ReplicaContext,
  tx: Tx,
  admission: SpaceState['admission'],
  body: Json,
  act: Act,
): Promise<void> {
  const { party, first } = context.identity
  if (admission.kind === 'register') {
    if (admission.host.party === party) throw refused(0, 'own-register', 'our register is written here only')
    return
  }
  const host = await context.knownParty(admission.host.party, tx)
  if (host?.state !== 'pinned') throw refused(0, 'host-not-pinned', admission.host.party)
  // A host that opens vouches for its newest key with its act key; from others we take the one its register gives.
  if (admission.opener !== admission.host.party && host.host !== admission.host.key) {
    throw refused(0, 'host-key', admission.host.party)
  }
  // What we opened ourselves comes back from its host: nobody else has our act key.
  const isOurs = admission.opener === party && act.kid === context.identity.keys.act.kid
  const opener = admission.opener === admission.host.party ? host : await context.knownParty(admission.opener, tx)
  if (!isOurs) requireOpener(admission, opener, act)
  const own = admission.members.get(party)
  // Who was not there at the opening must be by the end of the delivery.
  if (own && own.first !== first) throw refused(0, 'not-invited', party)
  if (!presentMembers(admission).includes(admission.host.party) && !isSealedOpening(body))
    throw refused(0, 'host-not-a-member', admission.host.party)
  for (const { party: member, register } of spaceOpenedBody.parse(body).members) {
    const known = await context.knownParty(member, tx)
    if (known && known.first !== register.first) throw refused(0, 'member-register', member)
  }
}

function requireOpener(admission: SpaceState['admission'], opener: KnownParty | undefined, act: Act): void {
  if (opener?.state !== 'pinned') throw refused(0, 'opener-not-pinned', admission.opener)
  const key = admission.members.get(admission.opener)?.keys.find((one) => one.kid === act.kid)?.key
  if (!opener.actKeys.includes(key ?? '')) throw refused(0, 'opener-key', admission.opener)
}

function refused(index: number, rule: string, detail: string): Stop {
  return new Stop({ state: 'refused', index, rule, detail })
}

function inadmissible(index: number, rule: string, detail: string): Inadmissible {
  return new Inadmissible({ state: 'refused', index, rule, detail })
}

function readOrStop<T>(read: () => T, index: number): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProtocolError) throw refused(index, error.rule, error.detail)
    throw error
  }
}
