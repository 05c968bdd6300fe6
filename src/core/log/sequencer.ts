import {
  type Act,
  admit,
  advance,
  backersOf,
  type Envelope,
  fromBase64url,
  inclusionNodes,
  inclusionPath,
  type Json,
  leafBytes,
  leafHash,
  limits,
  maxAuthorAheadMs,
  openBlob,
  outcomeOf,
  parseCanonical,
  ProtocolError,
  readEnvelope,
  type Receipt,
  sha256,
  signCheckpoint,
  signRefusal,
  storedParts,
  toBase64url,
  verifyActsAhead,
  type CheckSignatures,
} from '../../protocol/index.ts'
import type { ClockSource, Logger } from '../config/types.ts'
import type { Identity } from '../identity/types.ts'
import type { Blobs, Db, Reader, Tx } from '../storage/types.ts'
import type { Gate } from './gate.ts'
import { type Facts, factsOfNewActs, lookUpActs, rememberAct } from './look-up-acts.ts'
import { readNodes } from './nodes.ts'
import type { Fresh } from './projecting/engine.ts'
import { sealingFault } from './sealing-fault.ts'
import { requireSoundFacts } from './sound-facts.ts'
import { hostKeyOf } from './signers.ts'
import { needsBody, parsePart, type Position, rememberRoots, type SpaceState, type SpaceStates } from './space-state.ts'
import { type Appending, appendEntries, entryOf, type NewEntry, type NewNodes } from './tree.ts'
import type { Handed, Sequenced } from './types.ts'

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
  /** This node orders the space no longer, and the act that says so has to reach the new host. */
  handedOver?(space: string): void
}

/** What was handed in, read as far as that goes. */
type Read =
  | { hash: string; act: Act; blobs?: Handed['blobs'] }
  | { hash: string; broken: { rule: string; detail: string } }

type Decided =
  | { state: 'on-record'; index: number; time: number; repeated: boolean }
  | { state: 'refused'; rule: string; detail: string }
  | { state: 'unavailable'; reason: 'not-hosted' | 'frozen' | 'gate-shut' | 'handed-over' }

interface Written {
  decided: Decided[]
  /** Newest checkpoint and the state it belongs to, when anything is on record. */
  head?: { note: string; state: SpaceState }
  fresh?: Fresh
  /** The last entry this node signed for the space: another party orders it from here on. */
  last?: { size: number; root: string }
}

/**
 * Host path of one space: everything handed in while a batch is under way goes
 * into the next one. Answers leave after commit and guard.
 */
export function createSequencer(context: SequencerContext): {
  sequence(space: string, handed: readonly Handed[]): Promise<Sequenced[]>
  idle(): Promise<void>
} {
  const queues = new Map<string, Queue>()
  return {
    async sequence(space, handed) {
      if (handed.length > batchLimit) throw new RangeError(`at most ${batchLimit} acts at once`)
      if (handed.length === 0) return []
      const read = handed.map(readHanded)
      if (read.length > 1 || queues.has(space)) await verifyAhead(context, space, read)
      const queue = queues.get(space) ?? { waiting: [], running: undefined }
      queues.set(space, queue)
      const answer = new Promise<Sequenced[]>((done, failed) => queue.waiting.push({ read, done, failed }))
      queue.running ??= drain(context, space, queue).finally(() => queues.delete(space))
      return answer
    },
    async idle() {
      await Promise.all([...queues.values()].map((queue) => queue.running))
    },
  }
}

/** Signatures are checked aside while an earlier batch is written; one act alone is not worth the way. */
async function verifyAhead(
  { states, checkSignatures }: SequencerContext,
  space: string,
  read: readonly Read[],
): Promise<void> {
  const admission = states.recall(space)?.admission
  if (!admission || !checkSignatures) return
  const signed = actsOf(read).flatMap((act) => {
    const key = admission.members.get(act.statement.author)?.keys.find(({ kid }) => kid === act.kid)
    return key ? [{ act, publicKey: key.key }] : []
  })
  await verifyActsAhead(signed, checkSignatures)
}

interface Queue {
  waiting: { read: Read[]; done: (answer: Sequenced[]) => void; failed: (error: unknown) => void }[]
  running: Promise<void> | undefined
}

async function drain(context: SequencerContext, space: string, queue: Queue): Promise<void> {
  while (queue.waiting.length > 0) {
    const batch = takeBatch(queue)
    try {
      const answers = await sequenceBatch(
        context,
        space,
        batch.flatMap((one) => one.read),
      )
      let at = 0
      for (const one of batch) {
        one.done(answers.slice(at, at + one.read.length))
        at += one.read.length
      }
    } catch (error) {
      // The outcome may be unknown: the next batch reads the database again, and so must whoever asked.
      context.states.forget(space)
      for (const one of batch) one.failed(error)
    }
  }
}

function takeBatch(queue: Queue): Queue['waiting'] {
  let count = 0
  let end = 0
  for (const { read } of queue.waiting) {
    count += read.length
    if (count > batchLimit) break
    end += 1
  }
  return queue.waiting.splice(0, end)
}

async function sequenceBatch(context: SequencerContext, space: string, read: Read[]): Promise<Sequenced[]> {
  const written =
    (await writeAtOnce(context, space, read)) ??
    (await context.db.transaction().execute((tx) => writeBatch(context, tx, space, read)))
  if (written.last) {
    await context.gate.handOver({ space, ...written.last })
    context.handedOver?.(space)
  }
  if (written.head) {
    const { admission } = written.head.state
    context.states.keep(written.head.state)
    await context.gate.ensure([{ space, size: admission.size, root: admission.root }])
    if (written.fresh) context.committed?.(space, written.fresh)
  }
  await doubtRefusals(context, space, read, written)
  const receipts = await receiptsOf(context.db, space, written)
  return read.map(({ hash }, at) =>
    answerOf(
      context,
      { space, hash, host: written.head?.state.admission.host },
      written.decided[at] as Decided,
      receipts,
    ),
  )
}

/** A refusal is signed only if what it says of the record is so. */
async function doubtRefusals(
  { db, states }: SequencerContext,
  space: string,
  read: readonly Read[],
  { decided, head }: Written,
): Promise<void> {
  const size = head?.state.admission.size
  if (size === undefined) return
  const refused = decided.flatMap((one, at) => {
    const handed = read[at]
    if (one.state !== 'refused' || !handed || !('act' in handed)) return []
    return [{ rule: one.rule, seen: handed.act.statement.seen.size }]
  })
  await states.guarding(space, () => requireSoundFacts(db, { space, size }, refused))
}

/**
 * The usual case in one trip to the database: what memory holds is what the space is, it is not sealed, and
 * something is admitted.
 * The statement that appends makes sure of it; otherwise nothing happened and the long way is taken.
 */
async function writeAtOnce(context: SequencerContext, space: string, read: Read[]): Promise<Written | undefined> {
  const state = context.states.recall(space)
  if (state?.admission.host.party !== context.identity.party || context.gate.isShut(space)) return undefined
  const isKnown = read.every((one) => !('act' in one) || isInMemory(state, one.act))
  const [acts, payloads] = await Promise.all([
    isKnown ? factsOfNewActs(state.roots) : lookUpActs(context.db, space, actsOf(read)),
    lookUpPayloads(context, context.db, read),
  ])
  rememberRoots(state, isKnown ? [] : acts.roots)
  const facts = { ...acts, ...payloads }
  const run = new Run(context, state, facts, { isSealed: false })
  const decided = read.map((one) => run.decide(one))
  // What ends our hosting is decided under the lock of the space.
  if (run.lastAct) return undefined
  const along = context.blobs.inserting(brought(run.entries, facts.brought))
  if (run.entries.length === 0 || along === 'too-large') return undefined
  try {
    const head = await appendRun(context, context.db, run, { after: state.admission, along })
    return head && { decided, head, fresh: freshOf(state, run, facts) }
  } catch (error) {
    // An act or its id is there already: the long way finds out which.
    if (isKnown && (error as { code?: unknown }).code === uniqueViolation) return undefined
    throw error
  }
}

const uniqueViolation = '23505'

/** Does admission ask about no entry but those whose roots memory holds? */
function isInMemory({ admission, roots }: SpaceState, { statement }: Act): boolean {
  const { seen, after } = statement
  return !after && (seen.size === admission.size || roots.has(seen.size))
}

function freshOf(before: SpaceState, run: Run, facts: BatchFacts): Fresh {
  return { from: before.admission.size, entries: run.entries, contents: facts.contents }
}

async function writeBatch(context: SequencerContext, tx: Tx, space: string, read: Read[]): Promise<Written> {
  const row = await tx.selectFrom('log.space').selectAll().where('space', '=', space).forUpdate().executeTakeFirst()
  const unavailable = !row?.hosted ? 'not-hosted' : row.frozen ? 'frozen' : context.gate.isShut(space) && 'gate-shut'
  if (!row || unavailable) {
    return { decided: read.map(() => ({ state: 'unavailable', reason: unavailable || 'not-hosted' })) }
  }
  const state = await context.states.at(tx, row)
  const facts = await lookUp(context, tx, space, read)
  const run = new Run(context, state, facts, { isSealed: row.sealed })
  const decided = read.map((one) => run.decide(one))
  const last = run.lastAct && (await endHosting(context, tx, run, { ...run.lastAct, brought: facts.brought }))
  if (run.entries.length === 0) {
    const checkpoint = await tx
      .selectFrom('log.checkpoint')
      .select('note')
      .where('space', '=', space)
      .executeTakeFirst()
    return { decided, last, ...(checkpoint ? { head: { note: checkpoint.note, state } } : {}) }
  }
  await context.blobs.putAll(tx, brought(run.entries, facts.brought))
  const head = await appendRun(context, tx, run)
  return { decided, last, ...(head ? { head, fresh: freshOf(state, run, facts) } : {}) }
}

/** What `takeOver` puts on record: the acts that make this node the host, under its own first checkpoint. */
export async function appendTakeover(
  context: SequencerContext,
  tx: Tx,
  row: Position & { sealed: boolean },
  envelopes: readonly Envelope[],
): Promise<Written | { refused: string; detail: string }> {
  const state = await context.states.at(tx, row)
  const read = envelopes.map((envelope) => readHanded({ envelope }))
  const facts = await lookUp(context, tx, row.space, read)
  if (!isOurWish(context, state, read, facts)) return { refused: 'host-not-agreed', detail: context.identity.party }
  const run = new Run(context, state, facts, { isSealed: row.sealed, takesOver: true })
  const decided = read.map((one) => run.decide(one))
  const bad = decided.find((one) => one.state === 'refused')
  if (bad) return { refused: bad.rule, detail: bad.detail }
  if (run.admission.host.party !== context.identity.party) return { refused: 'awaits-agreement', detail: row.space }
  await tx.updateTable('log.space').set({ hosted: true }).where('space', '=', row.space).execute()
  const head = await appendRun(context, tx, run)
  return { decided, ...(head ? { head, fresh: freshOf(state, run, facts) } : {}) }
}

/** Nobody is made a host that did not offer it: our own act says the same, on the record or among these. */
function isOurWish(
  { identity }: SequencerContext,
  { admission }: SpaceState,
  read: Read[],
  facts: BatchFacts,
): boolean {
  return read.every((one) => {
    if (!('act' in one)) return false
    const { author, type, parts } = one.act.statement
    const content = facts.contents.get(parts.find((part) => part.role === 'body')?.hash ?? '')
    if (author === identity.party || !content) return author === identity.party
    if (backersOf(admission, type, parsePart(content)).includes(identity.party)) return true
    return read.some((other) => 'act' in other && other.act.statement.author === identity.party)
  })
}

/** From here on nothing is signed for the space; the deciding act waits for the new host. */
async function endHosting(
  { clock, blobs }: SequencerContext,
  tx: Tx,
  run: Run,
  { act, to, brought: given }: { act: Act; to: string; brought: BatchFacts['brought'] },
): Promise<{ size: number; root: string }> {
  const { space, size, root } = run.admission
  await blobs.putAll(tx, brought([act.statement], given))
  await tx.updateTable('log.space').set({ hosted: false }).where('space', '=', space).execute()
  await tx
    .insertInto('log.handover')
    .values({
      space,
      act: act.hash,
      envelope: JSON.stringify(act.envelope),
      to_party: to,
      size,
      root,
      at: clock.now(),
      taken_at: null,
    })
    .onConflict((there) =>
      there.column('space').doUpdateSet((q) => ({
        act: q.ref('excluded.act'),
        envelope: q.ref('excluded.envelope'),
        to_party: q.ref('excluded.to_party'),
        size: q.ref('excluded.size'),
        root: q.ref('excluded.root'),
        at: q.ref('excluded.at'),
      })),
    )
    .execute()
  return { size, root }
}

/** Writes what the run admitted under a signed root; nothing if the space does not stand where it should. */
async function appendRun(
  context: SequencerContext,
  db: Reader,
  run: Run,
  only: Pick<Appending, 'after' | 'along'> = {},
): Promise<Written['head']> {
  const { admission, entries, nodes, tree } = run
  const { space, size, time, host } = admission
  const root = tree.root()
  const note = signCheckpoint({ origin: host.origin, size, root }, hostKeyOf(context.identity, host))
  const head = { size, root, time, host, note }
  const isStored = await appendEntries(db, space, { entries, nodes, head, ...only })
  return isStored ? { note, state: { admission, tree, roots: run.roots } } : undefined
}

/** Decides one batch in order; what is admitted changes what the next is judged by. */
class Run {
  readonly entries: (NewEntry & { act: Act })[] = []
  readonly nodes: NewNodes[number][] = []
  readonly tree: SpaceState['tree']
  readonly roots: SpaceState['roots']
  admission: SpaceState['admission']
  #context: SequencerContext
  #facts: BatchFacts
  #isSealed: boolean
  #takesOver: boolean
  /** The act by which another party orders the space: it is that party's first entry, and nothing follows it here. */
  lastAct: { act: Act; to: string } | undefined

  constructor(
    context: SequencerContext,
    state: SpaceState,
    facts: BatchFacts,
    { isSealed, takesOver = false }: { isSealed: boolean; takesOver?: boolean },
  ) {
    this.#isSealed = isSealed
    this.#context = context
    this.#takesOver = takesOver
    this.#facts = facts
    this.tree = state.tree.edge()
    this.roots = state.roots
    this.admission = state.admission
  }

  decide(read: Read): Decided {
    if ('broken' in read) return { state: 'refused', ...read.broken }
    const known = this.#facts.byHash.get(read.hash)
    if (known) return { state: 'on-record', ...known, repeated: true }
    if (this.lastAct) return { state: 'unavailable', reason: 'handed-over' }
    try {
      return this.#append(read.act)
    } catch (error) {
      if (error instanceof ProtocolError) return { state: 'refused', rule: error.rule, detail: error.detail }
      if (error instanceof HostRefusal) return { state: 'refused', rule: error.rule, detail: error.message }
      throw error
    }
  }

  #append(act: Act): Decided {
    const { statement } = act
    const { admission } = this
    const now = this.#context.clock.now()
    if (statement.at > now + maxAuthorAheadMs) throw new HostRefusal('author-time-ahead', `${statement.at} at ${now}`)
    const body = this.#checkParts(act)
    const time = Math.max(admission.time, now)
    const verdict = admit(admission, { time, act }, { ...this.#facts.of(act), body })
    if (verdict.verdict !== 'admissible') return { state: 'refused', rule: verdict.rule, detail: verdict.detail }
    const to = this.#handsTo(act, body ?? null)
    if (to !== undefined) {
      this.lastAct = { act, to }
      return { state: 'unavailable', reason: 'handed-over' }
    }
    const leaf = leafBytes({ v: 1, time, envelope: act.envelope })
    const hash = leafHash(leaf)
    this.nodes.push(...this.tree.append(hash))
    const root = this.tree.root()
    const newRoot = toBase64url(root)
    const index = admission.size
    const governance = needsBody(index, statement.type)
    this.admission = advance(admission, act, time, newRoot, governance ? body : undefined)
    this.entries.push({ ...entryOf(act, index, time), act, leaf, leafHash: hash, root, governance })
    rememberAct(this.#facts, act, { index, time, root: newRoot })
    return { state: 'on-record', index, time, repeated: false }
  }

  /** The party that this act makes the host in our place; it must have offered that itself, on the record. */
  #handsTo(act: Act, body: Json): string | undefined {
    if (this.#takesOver || act.statement.type !== 'space.host-changed') return undefined
    const { state: next, withoutEffect } = outcomeOf(this.admission, act, body)
    const { party } = next.host
    if (withoutEffect !== undefined || party === this.#context.identity.party) return undefined
    if (!backersOf(this.admission, act.statement.type, body).includes(party))
      throw new HostRefusal('host-not-agreed', party)
    return party
  }

  /** A host puts nothing on record whose payload it could not hand on. Gives the body of a governance act. */
  #checkParts({ statement }: Act): Json | undefined {
    const { contents, stored } = this.#facts
    for (const { hash } of storedParts(statement.parts)) {
      if (!stored.has(hash)) throw new HostRefusal('part-missing', hash)
    }
    for (const part of statement.parts) {
      const content = contents.get(part.hash)
      if (content && content.length !== part.size) throw new ProtocolError('blob-size', part.hash)
    }
    const body = statement.parts.find((part) => part.role === 'body')
    if (!body) throw new HostRefusal('body-part-missing', statement.type)
    const unfit = sealingFault({ statement, isSealedSpace: this.#isSealed, members: this.admission }, contents)
    if (unfit) throw new HostRefusal(...unfit)
    if (body.enc) return undefined
    const content = contents.get(body.hash)
    if (!content) throw new HostRefusal('body-too-long', `${body.size} bytes`)
    return parseCanonical(content)
  }
}

/** A rule that binds hosts before they append, not what replicas judge afterwards. */
class HostRefusal extends Error {
  readonly rule: string

  constructor(rule: string, detail: string) {
    super(detail)
    this.rule = rule
  }
}

/** Facts of the entries before, and the payloads of what is new. */
type BatchFacts = Facts & Payloads

interface Payloads {
  /** Contents of parts up to 1 MiB. */
  contents: Map<string, Uint8Array>
  stored: Set<string>
  /** Payloads that came along and are not stored yet. */
  brought: Map<string, Uint8Array>
}

async function lookUp(context: SequencerContext, db: Reader, space: string, read: Read[]): Promise<BatchFacts> {
  const [acts, payloads] = await Promise.all([lookUpActs(db, space, actsOf(read)), lookUpPayloads(context, db, read)])
  return { ...acts, ...payloads }
}

function actsOf(read: readonly Read[]): Act[] {
  return read.flatMap((one) => ('act' in one ? [one.act] : []))
}

async function lookUpPayloads({ blobs }: SequencerContext, db: Reader, read: Read[]): Promise<Payloads> {
  const parts = storedParts(actsOf(read).flatMap((act) => act.statement.parts))
  const { brought, contents } = broughtBlobs(read)
  const small = parts.filter((part) => part.size <= limits.body && !brought.has(part.hash)).map((part) => part.hash)
  const large = parts.filter((part) => part.size > limits.body).map((part) => part.hash)
  const [found, stored] = await Promise.all([blobs.contents(db, small), blobs.has(db, large)])
  for (const [hash, content] of found) contents.set(hash, content)
  return { contents, stored: new Set([...stored, ...contents.keys()]), brought }
}

/** What came along is worth what it promises: a wrong payload is as if it had not come. */
function broughtBlobs(read: readonly Read[]): Pick<Payloads, 'brought' | 'contents'> {
  const found = { brought: new Map<string, Uint8Array>(), contents: new Map<string, Uint8Array>() }
  for (const one of read) {
    if (!('act' in one) || !one.blobs) continue
    for (const { hash } of storedParts(one.act.statement.parts)) {
      const blob = one.blobs.get(hash)
      const content = blob && contentOf(blob, hash)
      if (!blob || !content) continue
      found.brought.set(hash, blob)
      found.contents.set(hash, content)
    }
  }
  return found
}

function contentOf(blob: Uint8Array, commitment: string): Uint8Array | undefined {
  try {
    return openBlob(blob, commitment)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** Of the payloads that came along, those whose act was admitted. */
function brought(
  entries: readonly { parts: readonly { hash: string }[] }[],
  all: ReadonlyMap<string, Uint8Array>,
): Map<string, Uint8Array> {
  if (all.size === 0) return new Map()
  const hashes = entries.flatMap((entry) => entry.parts.map((part) => part.hash))
  return new Map(hashes.flatMap((hash) => (all.has(hash) ? [[hash, all.get(hash) as Uint8Array]] : [])))
}

function readHanded({ envelope, blobs }: Handed): Read {
  try {
    const act = readEnvelope(envelope)
    return { hash: act.hash, act, ...(blobs ? { blobs } : {}) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { hash: payloadHash(envelope), broken: { rule: error.rule, detail: error.detail } }
  }
}

/** Act hash of something that is no act, so that a refusal can still name it; empty when there are no bytes. */
function payloadHash(envelope: unknown): string {
  const payload = (envelope as { payload?: unknown } | null)?.payload
  if (typeof payload !== 'string' || payload.length > limits.leaf) return ''
  try {
    return toBase64url(sha256(fromBase64url(payload)))
  } catch {
    return ''
  }
}

/** Receipts by index, all under the newest checkpoint. */
async function receiptsOf(db: Reader, space: string, { decided, head }: Written): Promise<Map<number, Receipt>> {
  const onRecord = decided.flatMap((one) => (one.state === 'on-record' ? [one] : []))
  if (!head || onRecord.length === 0) return new Map()
  const {
    tree,
    admission: { size },
  } = head.state
  const old = onRecord.filter((one) => one.repeated && !isFresh(decided, one.index)).map((one) => one.index)
  const nodes = await readNodes(
    db,
    space,
    old.flatMap((index) => inclusionNodes(index, size)),
  )
  return new Map(
    onRecord.map(({ index }) => {
      const path = old.includes(index)
        ? inclusionPath(index, size, nodes.get).map((hash) => toBase64url(hash))
        : tree.path(index)
      return [index, { index, checkpoint: head.note, path }]
    }),
  )
}

function isFresh(decided: readonly Decided[], index: number): boolean {
  return decided.some((one) => one.state === 'on-record' && !one.repeated && one.index === index)
}

function answerOf(
  { identity, clock }: SequencerContext,
  { space, hash, host }: { space: string; hash: string; host?: SpaceState['admission']['host'] },
  decided: Decided,
  receipts: Map<number, Receipt>,
): Sequenced {
  switch (decided.state) {
    case 'unavailable':
      return { ...decided, hash }
    case 'on-record':
      return { ...decided, hash, receipt: receipts.get(decided.index) as Receipt }
    case 'refused': {
      const { rule } = decided
      const detail = decided.detail.slice(0, 500).toWellFormed()
      const refusal = signRefusal(
        { v: 1, space, act: hash, rule, detail, at: clock.now() },
        host ? hostKeyOf(identity, host) : identity.keys.host,
      )
      return { state: 'refused', hash, rule, detail, refusal }
    }
  }
}
