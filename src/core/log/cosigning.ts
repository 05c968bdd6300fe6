import { sql } from 'kysely'
import {
  type AdmissionState,
  cosignatureBy,
  cosignerAt,
  cosignCheckpoint,
  hostAt,
  isMemberAt,
  limits,
  type NoteKey,
  noteKeyDigest,
  ProtocolError,
  splitNote,
  toBase64url,
  withLines,
} from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import type { Identity } from '../identity/types.ts'
import type { Db } from '../storage/types.ts'
import type { Gate } from './gate.ts'
import { cosignerKeyOf } from './signers.ts'
import type { SpaceStates } from './space-state.ts'
import type { MissingPart } from './types.ts'

export interface CosigningContext {
  db: Db
  clock: ClockSource
  identity: Identity
  states: SpaceStates
  gate: Gate
  /** Whose lines count beside the members': see {@link LedgerOptions.outsiders}. */
  outsiders?(space: string): Promise<readonly NoteKey[]>
  /** Lines of a space were stored. */
  cosigned?(space: string): void
}

/** A member's name under a checkpoint says: stored and consistent with everything this member saw before. */
export async function cosignHead(
  context: CosigningContext,
  space: string,
): Promise<{ size: number; root: string; line: string } | undefined> {
  const { db, identity, clock } = context
  const head = await readHead(db, space)
  if (!head || head.frozen || head.size === 0) return undefined
  const root = toBase64url(head.root)
  const stored = await db
    .selectFrom('log.cosignature')
    .select('line')
    .where('space', '=', space)
    .where('size', '=', head.size)
    .where('party', '=', identity.party)
    .executeTakeFirst()
  if (stored) return { size: head.size, root, line: stored.line }
  const { admission } = await context.states.at(db, head)
  if (!isMemberAt(admission, identity.party, admission.size)) return undefined
  if (await context.gate.isShutNow(space)) return undefined
  if ((await missingSince(context, space)).length > 0) return undefined
  const seconds = Math.floor(clock.now() / 1000)
  const line = cosignCheckpoint(head.note, { name: identity.party, key: cosignerKeyOf(identity, admission) }, seconds)
  await context.gate.ensure([{ space, size: head.size, root }])
  await db
    .insertInto('log.cosignature')
    .values({ space, size: head.size, party: identity.party, time: seconds * 1000, line })
    .onConflict((there) => there.doNothing())
    .execute()
  context.cosigned?.(space)
  return { size: head.size, root, line }
}

/** Spaces hosted here whose newest checkpoint we have not cosigned ourselves. */
export async function findUncosigned({ db, identity }: CosigningContext): Promise<string[]> {
  const { rows } = await sql<{ space: string }>`
    select s.space from log.space s
    where s.hosted and s.size > 0 and s.frozen is null and not exists (
      select from log.cosignature c where c.space = s.space and c.size = s.size and c.party = ${identity.party})
    order by s.space`.execute(db)
  return rows.map(({ space }) => space)
}

/** Parts up to 1 MiB above our last cosignature: what it covered was complete then. */
async function missingSince({ db, identity }: CosigningContext, space: string): Promise<MissingPart[]> {
  const last = await db
    .selectFrom('log.cosignature')
    .select((q) => q.fn.max('size').as('size'))
    .where('space', '=', space)
    .where('party', '=', identity.party)
    .executeTakeFirst()
  return findMissingParts(db, space, { from: last?.size ?? 0, under: limits.body, limit: 1 })
}

/** Parts that are neither stored nor erased, in order. */
export async function findMissingParts(
  db: Db,
  space: string,
  { from = 0, under, limit = 1000 }: { from?: number; under?: number; limit?: number } = {},
): Promise<MissingPart[]> {
  const { rows } = await sql<MissingPart>`
    select p.idx as index, e.act_hash as act, p.role, p.hash, p.size
    from log.part p join log.entry e on e.space = p.space and e.idx = p.idx
    where p.space = ${space} and p.idx >= ${from} and p.size <= ${under ?? limits.attachment}
      and not exists (select from log.blob b where b.commitment = p.hash)
      and not exists (select from view.erased_part x where x.space = p.space and x.idx = p.idx
        and x.hash = coalesce(p.plain, p.hash))
    order by p.idx, p.ordinal limit ${Math.min(limit, 10_000)}`.execute(db)
  return rows
}

/** Stores lines that verify: of parties that are members at that size, and of others whose keys are known for the space. */
export async function storeCosignatures(
  context: CosigningContext,
  space: string,
  { size, lines }: { size: number; lines: readonly string[] },
): Promise<string[]> {
  const { db, states } = context
  const row = await db.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
  const entry = await db
    .selectFrom('log.entry')
    .select('root')
    .where('space', '=', space)
    .where('idx', '=', size - 1)
    .executeTakeFirst()
  if (!row || !entry) return []
  const { admission } = await states.at(db, row)
  const body = `${hostAt(admission, size).origin}\n${size}\n${Buffer.from(entry.root).toString('base64')}\n`
  const texts = lines.slice(0, 2 * limits.members).flatMap((line) => wholeLine(line) ?? [])
  const read = texts.map((line) => ({ line, good: readLine(admission, { body, size }, line) }))
  const good = read.flatMap((one) => one.good ?? [])
  const others = read.flatMap((one) => (one.good ? [] : [one.line]))
  const outside = others.length > 0 ? await storeOutside(context, space, { size, body, lines: others }) : []
  if (good.length > 0) {
    // The earliest line of a party on a checkpoint says when it had it.
    await db
      .insertInto('log.cosignature')
      .values(good.map((one) => ({ ...one, space, size })))
      .onConflict((there) => there.doNothing())
      .execute()
  }
  if (good.length + outside.length > 0) context.cosigned?.(space)
  return [...good.map((one) => one.party), ...outside]
}

/** Lines of witnesses that are no members, and lines by other algorithms. Returns the names of the good ones. */
async function storeOutside(
  { db, outsiders }: CosigningContext,
  space: string,
  { size, body, lines }: { size: number; body: string; lines: readonly string[] },
): Promise<string[]> {
  const keys = (await outsiders?.(space)) ?? []
  const good = lines.flatMap((line) => {
    const found = keys.flatMap((key) => {
      const time = line.startsWith(`— ${key.name} `) ? lineTime(body, line, key) : undefined
      return time === undefined ? [] : [{ name: key.name, key: noteKeyDigest(key), kind: key.type, time: time * 1000 }]
    })
    return found.slice(0, 1).map((one) => ({ ...one, space, size, line }))
  })
  if (good.length === 0) return []
  await db
    .insertInto('log.witness_line')
    .values(good)
    .onConflict((there) => there.doNothing())
    .execute()
  return good.map((one) => one.name)
}

function lineTime(body: string, line: string, key: NoteKey): number | undefined {
  try {
    return cosignatureBy(`${body}\n${line}`, key)
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** One line with its newline, unless it is longer than any cosignature. */
function wholeLine(line: string): string | undefined {
  const text = line.endsWith('\n') ? line : `${line}\n`
  return text.length <= longestLine && text.indexOf('\n') === text.length - 1 ? text : undefined
}

/** An ML-DSA-44 signature in base64 with its name. */
const longestLine = 4_000

function readLine(
  admission: AdmissionState,
  { body, size }: { body: string; size: number },
  line: string,
): { party: string; time: number; line: string } | undefined {
  const party = /^— ([^ ]+) /.exec(line)?.[1]
  const member = party === undefined ? undefined : admission.members.get(party)
  if (party === undefined || !member) return undefined
  const time = lineTime(body, line, { name: party, type: 'cosignature', publicKey: cosignerAt(member, size) })
  return time === undefined ? undefined : { party, time: time * 1000, line }
}

/** A checkpoint as it is published, and the lines on it that found no place. */
export interface Cosigned {
  /** Signed note with at most 16 lines. */
  note: string
  /** Further cosignatures, and all by ML-DSA-44, which alone would fill a note. */
  apart: string[]
}

/** Newest checkpoint with the lines on it: witnesses from outside first, then members by time. */
export async function readCosigned({ db, gate }: CosigningContext, space: string): Promise<Cosigned | undefined> {
  const head = await readHead(db, space)
  if (!head) return undefined
  // Another process may have committed it a moment ago: nothing signed leaves before a guard holds it.
  if (head.hosted) await gate.ensure([{ space, size: head.size, root: toBase64url(head.root) }])
  const at = { space, size: head.size }
  const [members, outside] = await Promise.all([membersLines(db, at), outsideLines(db, at)])
  const short = [...outside.filter(({ kind }) => kind !== 'mlDsa44'), ...members].map(({ line }) => line)
  const long = outside.filter(({ kind }) => kind === 'mlDsa44').map(({ line }) => line)
  const places = limits.noteLines - splitNote(head.note).lines.length
  return { note: withLines(head.note, short.slice(0, places)), apart: [...short.slice(places), ...long] }
}

async function membersLines(db: Db, { space, size }: { space: string; size: number }) {
  return db
    .selectFrom('log.cosignature')
    .select('line')
    .where('space', '=', space)
    .where('size', '=', size)
    .orderBy('time')
    .orderBy('party')
    .execute()
}

async function outsideLines(db: Db, { space, size }: { space: string; size: number }) {
  return db
    .selectFrom('log.witness_line')
    .select(['line', 'kind'])
    .where('space', '=', space)
    .where('size', '=', size)
    .orderBy('name')
    .orderBy('key')
    .execute()
}

/** Each party's first cosignature that covers an entry. Times in ms. */
export async function readFinality(db: Db, space: string, index: number): Promise<{ party: string; at: number }[]> {
  const rows = await db
    .selectFrom('log.cosignature')
    .select(['party', (q) => q.fn.min('time').as('at')])
    .where('space', '=', space)
    .where('size', '>', index)
    .groupBy('party')
    .orderBy('at')
    .orderBy('party')
    .execute()
  return rows.map(({ party, at }) => ({ party, at: Number(at) }))
}

async function readHead(db: Db, space: string) {
  return db
    .selectFrom('log.space as s')
    .innerJoin('log.checkpoint as c', 'c.space', 's.space')
    .selectAll('s')
    .select('c.note')
    .where('s.space', '=', space)
    .executeTakeFirst()
}
