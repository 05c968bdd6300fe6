import { sql } from 'kysely'
import { ProtocolError, readLeaf, sha256, splitNote, toBase64url } from '../../protocol/index.ts'
import { contradictionOf, type Evidence, evidenceBytes, verifyEvidence } from '../../protocol/evidence/index.ts'
import type { Identity } from '../identity/types.ts'
import type { Blobs, Db } from '../storage/types.ts'
import type { Conflict } from './types.ts'

export interface ContradictionContext {
  db: Db
  blobs: Blobs
  identity: Identity
  clock: { now(): number }
  /** Told after commit. */
  contradicted(conflict: Conflict): void
}

type Pieces<E> = E extends Evidence ? Omit<E, 'v' | 'format' | 'found' | 'register'> : never

/** What two statements are, before the accused's register is put to them. */
export type Contradicting = Pieces<Exclude<Evidence, { kind: 'sealed-otherwise' }>>

/** What a contradiction is called beside its evidence. */
export interface Circumstances {
  /** What we held and what came: signed notes. */
  held: string
  came: string
  detail: string
}

/**
 * Keeps a contradiction, freezes the space when its host is accused, and gives
 * the conflict; undefined when the rules that strangers verify by see none.
 */
export async function convict(
  context: ContradictionContext,
  found: Contradicting,
  circumstances: Circumstances,
): Promise<Conflict | undefined> {
  const { accused, space } = found
  const evidence = await complete(context, found)
  if (!isContradiction(evidence)) return undefined
  const bytes = fileOf(evidence)
  const conflict: Conflict = {
    space,
    kind: found.kind,
    accused: accused.party,
    role: accused.role,
    ...circumstances,
    common: await lastCommonSize(context, found),
    foundAt: context.clock.now(),
    ...(bytes ? { file: `${space}-${Buffer.from(sha256(bytes)).toString('hex').slice(0, 16)}.json` } : {}),
  }
  return keepConflict(context, conflict, bytes)
}

/** Stores a conflict once; the same again gives the stored one. */
export async function keepConflict(
  { db, contradicted }: ContradictionContext,
  conflict: Conflict,
  evidence?: Uint8Array,
): Promise<Conflict> {
  const { foundAt, file, ...row } = conflict
  const isNew = await db.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('log.conflict')
      .values({ ...row, found_at: foundAt, file: file ?? null, evidence: evidence ? Buffer.from(evidence) : null })
      .onConflict((there) => there.doNothing())
      .returning('space')
      .executeTakeFirst()
    if (row.role === 'host') {
      await tx
        .updateTable('log.space')
        .set({ frozen: row.kind })
        .where('space', '=', row.space)
        .where('frozen', 'is', null)
        .execute()
    }
    return added !== undefined
  })
  if (isNew) contradicted(conflict)
  return conflict
}

function isContradiction(evidence: Evidence): boolean {
  try {
    contradictionOf(evidence)
    return true
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}

/** What strangers are convinced by: undefined without the accused's register, or beyond the limits of a file. */
function fileOf(evidence: Evidence): Uint8Array | undefined {
  try {
    const bytes = evidenceBytes(evidence)
    return verifyEvidence(bytes).verdict === 'proven' ? bytes : undefined
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** Puts the finder's word and the accused's register beside it. */
export async function complete({ db, blobs, identity, clock }: ContradictionContext, found: Contradicting) {
  const { party, role } = found.accused
  const register = role === 'witness' ? [] : await readRegisterEvents(db, blobs, party)
  const word = { by: identity.party, at: clock.now() }
  return { ...found, v: 1, format: 'chancery-evidence', found: word, register } as Evidence
}

/** Founding and key events of the register we hold of a party; none when we hold none. */
export async function readRegisterEvents(db: Db, blobs: Blobs, party: string): Promise<Evidence['register']> {
  const rows = await db
    .selectFrom('log.entry as e')
    .innerJoin('log.space as s', 's.space', 'e.space')
    .select('e.leaf')
    .where('s.kind', '=', 'register')
    .where('s.host', '=', party)
    .where((q) => q.or([q('e.idx', '=', 0), q('e.type', 'in', ['register.rotated', 'register.recovered'])]))
    .orderBy('e.idx')
    .limit(64)
    .execute()
  return Promise.all(
    rows.map(async ({ leaf }) => {
      const part = readLeaf(leaf).act.statement.parts.find(({ role }) => role === 'body')
      const body = part && (await blobs.find(db, part.hash))
      return { leaf: toBase64url(leaf), body: toBase64url(body ?? new Uint8Array()) }
    }),
  )
}

/** Newest size below the contradiction that somebody besides us cosigned over our history: where members can meet. */
async function lastCommonSize({ db, identity }: ContradictionContext, found: Contradicting): Promise<number> {
  const below = found.kind === 'inadmissible-entry' ? found.entries.length : sizeOf(found.notes[0])
  const { rows } = await sql<{ size: number | null }>`
    select max(size) as size from log.cosignature
    where space = ${found.space} and size < ${below} and party <> ${identity.party}`.execute(db)
  return Number(rows[0]?.size ?? 0)
}

function sizeOf(note: string): number {
  return Number(note.split('\n')[1])
}

/** A note with the line of its host alone: what evidence needs, and what one note costs on the wire at most. */
export function hostLineOnly(note: string): string {
  const { body, lines } = splitNote(note)
  const origin = body.slice(0, body.indexOf('\n'))
  const own = lines.find((line) => line.name === origin)
  return own ? `${body}\n${own.text}\n` : note
}
