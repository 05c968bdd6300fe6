import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Migration, Reader, Tx } from './types.ts'

declare module './tables.ts' {
  interface Tables {
    'home.staged': StagedTable
    'home.staged_piece': StagedPieceTable
  }
}

interface StagedTable {
  id: string
  /** Bytes of salt and content together, once all are here. */
  total: number
  /** Bytes that are here, in order, without a gap. */
  have: number
  touched_at: number
}

interface StagedPieceTable {
  staged: string
  piece: number
  bytes: Uint8Array
}

/** As large as the pieces of payloads: what is staged becomes a payload without passing through this process. */
export const pieceBytes = 1024 * 1024

export const stagedMigration: Migration = {
  name: 'storage/0003-staged-blobs',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`create table home.staged (
      id text primary key,
      total bigint not null,
      have bigint not null check (have <= total),
      touched_at bigint not null
    )`.execute(tx)
    await sql`create table home.staged_piece (
      staged text not null,
      piece integer not null,
      bytes bytea not null check (octet_length(bytes) <= ${sql.lit(pieceBytes)}),
      primary key (staged, piece)
    )`.execute(tx)
    await sql`alter table home.staged_piece alter column bytes set storage external`.execute(tx)
  },
}

/** How far a staged payload has come. */
export interface Staged {
  total: number
  have: number
}

/** Begins to stage a payload; where it was begun before, says how far it came. */
export async function beginStaged(
  tx: Tx | Db,
  { id, total, now }: { id: string; total: number; now: number },
): Promise<Staged> {
  const { rows } = await sql<Staged>`
    insert into home.staged (id, total, have, touched_at) values (${id}, ${total}, 0, ${now})
    on conflict (id) do update set touched_at = excluded.touched_at
    returning total, have`.execute(tx)
  return rows[0]!
}

export async function findStaged(db: Reader, id: string): Promise<Staged | undefined> {
  return db.selectFrom('home.staged').select(['total', 'have']).where('id', '=', id).executeTakeFirst()
}

/**
 * Adds bytes at a place. At another place than the end of what is here, or past the whole, nothing is added.
 *
 * @returns How far it has come; undefined if nothing of this id is staged.
 */
export async function appendStaged(
  tx: Tx,
  id: string,
  { at, bytes, now }: { at: number; bytes: Uint8Array; now: number },
): Promise<Staged | undefined> {
  const row = await tx
    .selectFrom('home.staged')
    .select(['total', 'have'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!row || row.have !== at || at + bytes.byteLength > row.total) return row
  await addPieces(tx, id, at, bytes)
  const have = at + bytes.byteLength
  await tx.updateTable('home.staged').set({ have, touched_at: now }).where('id', '=', id).execute()
  return { total: row.total, have }
}

async function addPieces(tx: Tx, staged: string, at: number, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.byteLength; ) {
    const piece = Math.floor((at + from) / pieceBytes)
    const filled = (at + from) % pieceBytes
    const part = Buffer.from(bytes.subarray(from, from + pieceBytes - filled))
    await sql`insert into home.staged_piece as p (staged, piece, bytes) values (${staged}, ${piece}, ${part})
      on conflict (staged, piece) do update set bytes = p.bytes || excluded.bytes`.execute(tx)
    from += part.length
  }
}

/** Pieces in order, one in memory at a time. */
export async function* readStaged(db: Reader, id: string): AsyncGenerator<Uint8Array> {
  for (let piece = 0; ; piece++) {
    const row = await db
      .selectFrom('home.staged_piece')
      .select('bytes')
      .where('staged', '=', id)
      .where('piece', '=', piece)
      .executeTakeFirst()
    if (!row) return
    yield row.bytes
  }
}

/** All of it in one array. */
export async function wholeStaged(db: Reader, id: string): Promise<Uint8Array> {
  const { have = 0 } = (await findStaged(db, id)) ?? {}
  const whole = new Uint8Array(have)
  let at = 0
  for await (const piece of readStaged(db, id)) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

/** base64url SHA-256 of what is staged: the commitment of the payload it is. */
export async function digestStaged(db: Reader, id: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const piece of readStaged(db, id)) digest.update(piece)
  return digest.digest('base64url')
}

/**
 * Makes what is staged the payload of a commitment, which the caller has compared. Within the database: no byte passes
 * through this process. What is staged stays until it is forgotten.
 *
 * @param salt - Stands in front instead of what was staged there, as long as that.
 */
export async function adoptStaged(tx: Tx, id: string, commitment: string, salt?: Uint8Array): Promise<void> {
  // Another salt takes the place of the staged one: the first bytes of the first piece.
  const bytes = salt
    ? sql`case when p.piece = 0 then overlay(p.bytes placing ${Buffer.from(salt)}::bytea from 1) else p.bytes end`
    : sql`p.bytes`
  await sql`with whole as (
      select total from home.staged where id = ${id} and have = total
    ), added as (
      insert into log.blob (commitment, size) select ${commitment}, total from whole
      on conflict do nothing returning commitment
    )
    insert into log.blob_piece (commitment, piece, bytes)
      select added.commitment, p.piece, ${bytes} from home.staged_piece p, added where p.staged = ${id}`.execute(tx)
}

/** A second staged payload with the same content under another salt, made within the database. */
export async function copyStaged(
  tx: Tx,
  { from, to, salt, now }: { from: string; to: string; salt: Uint8Array; now: number },
): Promise<void> {
  await sql`insert into home.staged (id, total, have, touched_at)
    select ${to}, total, have, ${now} from home.staged where id = ${from} and have = total`.execute(tx)
  await sql`insert into home.staged_piece (staged, piece, bytes)
    select ${to}, piece, case when piece = 0 then overlay(bytes placing ${Buffer.from(salt)}::bytea from 1) else bytes end
    from home.staged_piece where staged = ${from}`.execute(tx)
}

export async function forgetStaged(tx: Tx | Db, id: string): Promise<void> {
  await sql`with gone as (delete from home.staged where id = ${id})
    delete from home.staged_piece where staged = ${id}`.execute(tx)
}
