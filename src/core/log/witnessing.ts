import {
  emptyRoot,
  hostAt,
  inclusionNodes,
  inclusionPath,
  peekCheckpoint,
  ProtocolError,
  readCheckpoint,
  readRefusal,
  toBase64url,
} from '../../protocol/index.ts'
import { lastingRules } from '../../protocol/evidence/index.ts'
import type { Gate } from './gate.ts'
import type { SpaceStates } from './space-state.ts'
import { type Contradicting, convict, hostLineOnly, keepConflict } from './contradiction.ts'
import { wasLeft } from './left-records.ts'
import { convictWitnesses, type LyingWitnessContext } from './lying-witness.ts'
import { readNodes } from './nodes.ts'
import { readConsistency } from './reading.ts'
import type { Conflict, Promised, SignedRefusal } from './types.ts'

export interface WitnessingContext extends LyingWitnessContext {
  states: SpaceStates
  gate: Pick<Gate, 'remind'>
}

/** Notes ahead of us that are kept per space; a host that signs more histories than this is convicted by fewer. */
const maxHeard = 16

/**
 * A host-signed note that came another way than as a delivery: gossip, a receipt,
 * an answer. Only one the space's host signed counts; anything else says nothing.
 */
export async function witnessNote(
  context: WitnessingContext,
  space: string,
  note: string,
  promised?: Promised,
): Promise<Conflict | undefined> {
  try {
    return await compareNote(context, space, note, promised)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

async function compareNote(
  context: WitnessingContext,
  space: string,
  note: string,
  promised?: Promised,
): Promise<Conflict | undefined> {
  const head = await readHead(context, space)
  if (!head || head.frozen || head.size === 0 || sameCheckpoint(head.note, note)) return undefined
  const came = peekCheckpoint(note)
  const { admission } = await context.states.at(context.db, head)
  const host = hostAt(admission, Math.max(1, Math.min(came.size, head.size)))
  readCheckpoint(note, host.origin, host.key)
  // A host that was replaced without its help and came back may have signed entries that were rightly dropped.
  if (admission.hosts.filter(({ key }) => key === host.key).length > 1) return undefined
  const signed = hostLineOnly(note)
  if (came.size <= head.size) {
    const conflict = await compareWithLog(context, { head, host, note: signed, promised })
    if (conflict && !head.hosted) await convictWitnesses(context, { space, origin: host.origin }, note)
    return conflict
  }
  if (!head.hosted) return keepHeard(context, { host, space, note: signed, promised })
  // Nobody else holds our host key: the database is older than what we signed. The gate shuts until it is back.
  await context.gate.remind({ space, size: came.size, root: toBase64url(came.root) })
  return undefined
}

type Head = NonNullable<Awaited<ReturnType<typeof readHead>>>
type Host = { party: string; origin: string; key: string }

/** Compares a verified note of a size we have with our log. */
async function compareWithLog(
  context: WitnessingContext,
  { head, host, note, promised }: { head: Head; host: Host; note: string; promised?: Promised },
): Promise<Conflict | undefined> {
  const { db } = context
  const { size, root } = peekCheckpoint(note)
  const entry = await db
    .selectFrom('log.entry')
    .select('root')
    .where('space', '=', head.space)
    .where('idx', '=', size - 1)
    .executeTakeFirst()
  const own = size === 0 ? emptyRoot : entry?.root
  if (!own || Buffer.compare(own, root) === 0) return undefined
  // Of a record that this node held and left with the other members, when they went on with another host.
  if (await wasLeft(db, { space: head.space, size, root: toBase64url(root) })) return undefined
  const held = hostLineOnly(head.note)
  const path = size < head.size ? (await readConsistency(db, head.space, size, head.size)).map(toBase64url) : undefined
  const circumstances = {
    held,
    came: note,
    detail: `at size ${size} ours is ${toBase64url(own)}, the note says ${toBase64url(root)}`,
  }
  const histories: Contradicting = {
    kind: 'two-histories',
    space: head.space,
    accused: { party: host.party, role: 'host', key: host.key },
    notes: [note, held],
    ...(path ? { proof: { root: toBase64url(own), path } } : {}),
    ...(promised ? { receipt: receiptOf(0, promised) } : {}),
  }
  // What our own key signed is no accusation: the space stops, and the operator is asked.
  if (host.party === context.identity.party) {
    const { detail } = circumstances
    const facts = { space: head.space, accused: host.party, role: 'host' as const, held, came: note, detail }
    return keepConflict(context, { ...facts, kind: 'own-key', common: size - 1, foundAt: context.clock.now() })
  }
  return convict(context, histories, circumstances)
}

/** Keeps a verified note beyond our end; two of one size that differ need no log to convict. */
async function keepHeard(
  context: WitnessingContext,
  { host, space, note, promised }: { host: Host; space: string; note: string; promised?: Promised },
): Promise<Conflict | undefined> {
  const { size, root } = peekCheckpoint(note)
  const kept = await context.db
    .selectFrom('log.heard')
    .select(['size', 'note', 'promised'])
    .where('space', '=', space)
    .execute()
  const other = kept.find((one) => one.size === size && Buffer.compare(peekCheckpoint(one.note).root, root) !== 0)
  if (other) {
    const detail = `two roots at size ${size}, which is ahead of what we hold`
    const accused = { party: host.party, role: 'host' as const, key: host.key }
    const before = other.promised ? { receipt: { note: 0 as const, ...other.promised } } : {}
    const receipt = promised ? { receipt: receiptOf(1, promised) } : before
    const found: Contradicting = { kind: 'two-histories', space, accused, notes: [other.note, note], ...receipt }
    return convict(context, found, { held: other.note, came: note, detail })
  }
  const isKept = kept.some((one) => one.note === note)
  // Gossip may have brought the note before the receipt: what it promises is kept beside it.
  if (isKept ? !promised : kept.length >= maxHeard) return undefined
  const beside = JSON.stringify(promised ? withText(promised) : null)
  await context.db
    .insertInto('log.heard')
    .values({ space, size, note, promised: beside })
    .onConflict((there) =>
      promised ? there.columns(['space', 'note']).doUpdateSet({ promised: beside }) : there.doNothing(),
    )
    .execute()
  return undefined
}

/** Compares what was heard ahead of us and is reached now; what agrees is forgotten. */
export async function compareHeard(context: WitnessingContext, space: string): Promise<Conflict | undefined> {
  const head = await readHead(context, space)
  if (!head || head.frozen) return undefined
  const reached = await context.db
    .selectFrom('log.heard')
    .selectAll()
    .where('space', '=', space)
    .where('size', '<=', head.size)
    .orderBy('size')
    .execute()
  const { admission } = await context.states.at(context.db, head)
  for (const { size, note, promised } of reached) {
    const conflict = await compareWithLog(context, {
      head,
      host: hostAt(admission, size),
      note,
      ...(promised ? { promised: { ...promised, leaf: Buffer.from(promised.leaf, 'base64url') } } : {}),
    })
    if (conflict) return conflict
  }
  if (reached.length > 0) {
    await context.db.deleteFrom('log.heard').where('space', '=', space).where('size', '<=', head.size).execute()
  }
  return undefined
}

/** A refusal its host signed, of an act that stands on its record. */
export async function witnessRefusal(
  context: WitnessingContext,
  space: string,
  refusal: SignedRefusal,
): Promise<Conflict | undefined> {
  const head = await readHead(context, space)
  if (!head || head.frozen || head.hosted) return undefined
  const { admission } = await context.states.at(context.db, head)
  const host = hostAt(admission, head.size)
  const said = readRefusal(refusal, host.key)
  if (!said || !lastingRules.has(said.rule)) return undefined
  const entry = await context.db
    .selectFrom('log.entry')
    .select(['idx', 'leaf'])
    .where('act_hash', '=', said.act)
    .where('space', '=', space)
    .executeTakeFirst()
  if (!entry) return undefined
  const nodes = await readNodes(context.db, space, inclusionNodes(entry.idx, head.size))
  const path = inclusionPath(entry.idx, head.size, nodes.get).map(toBase64url)
  const note = hostLineOnly(head.note)
  const accused = { party: host.party, role: 'host' as const, key: host.key }
  const found: Contradicting = {
    kind: 'refused-on-record',
    space,
    accused,
    notes: [note],
    entry: { index: entry.idx, leaf: toBase64url(entry.leaf), path },
    refusal,
  }
  const detail = `act ${said.act} was refused by ${said.rule} and stands at ${entry.idx}`
  return convict(context, found, { held: note, came: refusal.payload, detail })
}

function receiptOf(note: 0 | 1, { index, leaf, path }: Promised) {
  return { note, index, leaf: toBase64url(leaf), path }
}

function withText({ index, leaf, path }: Promised) {
  return { index, leaf: toBase64url(leaf), path }
}

/** Whether two notes are of one size and root; signature lines do not matter. */
function sameCheckpoint(a: string, b: string): boolean {
  const end = a.indexOf('\n\n')
  return end > 0 && a.slice(0, end + 2) === b.slice(0, end + 2)
}

function readHead({ db }: WitnessingContext, space: string) {
  return db
    .selectFrom('log.space as s')
    .innerJoin('log.checkpoint as c', 'c.space', 's.space')
    .selectAll('s')
    .select('c.note')
    .where('s.space', '=', space)
    .executeTakeFirst()
}
