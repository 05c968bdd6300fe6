import { hash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { integers, texts } from './lists.ts'
import { sliced } from './slices.ts'
import { pieceBytes, stagedMigration } from './staged-blobs.ts'
import type { Blobs, Db, Migration, Tx } from './types.ts'

declare module './tables.ts' {
  interface Tables {
    'log.blob': BlobTable
    'log.blob_piece': BlobPieceTable
  }
}

interface BlobTable {
  /** base64url SHA-256 of salt ‖ content. */
  commitment: string
  /** Bytes of salt and content together. */
  size: number
}

interface BlobPieceTable {
  commitment: string
  piece: number
  bytes: Uint8Array
}

const saltBytes = 32

export const blobMigrations: Migration[] = [
  {
    name: 'storage/0001-blobs',
    async up(tx) {
      await sql`create table log.blob (
        commitment text primary key,
        size bigint not null
      )`.execute(tx)
      await sql`create table log.blob_piece (
        commitment text not null references log.blob on delete cascade,
        piece integer not null,
        bytes bytea not null check (octet_length(bytes) <= ${sql.lit(pieceBytes)}),
        primary key (commitment, piece)
      )`.execute(tx)
      // Salted or encrypted: compressing it only costs time.
      await sql`alter table log.blob_piece alter column bytes set storage external`.execute(tx)
    },
  },
  {
    name: 'storage/0002-pieces-stand-alone',
    async up(tx) {
      // Pieces come and go in one statement with their blob; looking the blob up again for each costs as much as storing it.
      await sql`alter table log.blob_piece drop constraint blob_piece_commitment_fkey`.execute(tx)
    },
  },
  stagedMigration,
]

/** Payloads in PostgreSQL. */
export function createBlobs(): Blobs {
  return {
    put: (tx, commitment, blob) => putBlobs(tx, new Map([[commitment, blob]])),
    putAll: putBlobs,

    inserting(blobs) {
      if ([...blobs.values()].some((blob) => blob.length > pieceBytes)) return 'too-large'
      return blobs.size > 0 ? insertion(blobs) : undefined
    },

    async find(db, commitment) {
      return (await readBlobs(db, [commitment])).get(commitment)
    },

    findAll: readBlobs,

    async contents(db, commitments) {
      const blobs = await readBlobs(db, commitments)
      return new Map([...blobs].map(([commitment, blob]) => [commitment, blob.subarray(saltBytes)]))
    },

    async has(db, commitments) {
      if (commitments.length === 0) return new Set()
      const rows = await db.selectFrom('log.blob').select('commitment').where('commitment', 'in', commitments).execute()
      return new Set(rows.map((row) => row.commitment))
    },

    async sizeOf(db, commitment) {
      const row = await db.selectFrom('log.blob').select('size').where('commitment', '=', commitment).executeTakeFirst()
      return row?.size
    },

    range: readRange,

    async erase(tx, commitment) {
      await sql`with gone as (delete from log.blob where commitment = ${commitment})
        delete from log.blob_piece where commitment = ${commitment}`.execute(tx)
    },
  }
}

async function putBlobs(tx: Tx | Db, blobs: ReadonlyMap<string, Uint8Array>): Promise<void> {
  requireTrue(blobs)
  const small = new Map([...blobs].filter(([, blob]) => blob.length <= pieceBytes))
  if (small.size > 0) await sql`with ${insertion(small)} select`.execute(tx)
  for (const [commitment, blob] of blobs) if (blob.length > pieceBytes) await putLarge(tx, commitment, blob)
}

function requireTrue(blobs: ReadonlyMap<string, Uint8Array>): void {
  for (const [commitment, blob] of blobs) {
    if (blob.length < saltBytes) throw new Error('a blob begins with 32 bytes of salt')
    if (hashOf(blob) !== commitment) throw new Error(`blob is not what ${commitment} promises`)
  }
}

/** Payloads of one row each. */
function insertion(blobs: ReadonlyMap<string, Uint8Array>): RawBuilder<unknown> {
  const given = sliced([...blobs.values()])
  return sql`given_blob as (
      select * from unnest(${texts([...blobs.keys()])}, ${integers(given.starts)}, ${integers(given.lengths)})
        as g(commitment, start, length)
    ), added_blob as (
      insert into log.blob (commitment, size) select commitment, length from given_blob
      on conflict do nothing returning commitment
    ), added_piece as (
      insert into log.blob_piece (commitment, piece, bytes)
      select commitment, 0, substring(${given.bytes}::bytea from start::int for length::int)
      from given_blob join added_blob using (commitment)
    )`
}

async function putLarge(tx: Tx | Db, commitment: string, blob: Uint8Array): Promise<void> {
  const added = await tx
    .insertInto('log.blob')
    .values({ commitment, size: blob.length })
    .onConflict((conflict) => conflict.doNothing())
    .returning('commitment')
    .execute()
  if (added.length === 0) return
  for (let piece = 0; piece * pieceBytes < blob.length; piece++) {
    const bytes = Buffer.from(blob.subarray(piece * pieceBytes, (piece + 1) * pieceBytes))
    await tx.insertInto('log.blob_piece').values({ commitment, piece, bytes }).execute()
  }
}

async function readBlobs(db: Parameters<Blobs['find']>[0], commitments: string[]): Promise<Map<string, Uint8Array>> {
  if (commitments.length === 0) return new Map()
  const rows = await db
    .selectFrom('log.blob_piece')
    .select(['commitment', 'bytes'])
    .where('commitment', 'in', commitments)
    .orderBy('commitment')
    .orderBy('piece')
    .execute()
  const pieces = Map.groupBy(rows, (row) => row.commitment)
  return new Map([...pieces].map(([commitment, parts]) => [commitment, join(parts.map((part) => part.bytes))]))
}

async function* readRange(
  db: Parameters<Blobs['find']>[0],
  commitment: string,
  { from, to }: { from: number; to: number },
): AsyncGenerator<Uint8Array> {
  for (let piece = Math.floor(from / pieceBytes); piece * pieceBytes < to; piece++) {
    const row = await db
      .selectFrom('log.blob_piece')
      .select('bytes')
      .where('commitment', '=', commitment)
      .where('piece', '=', piece)
      .executeTakeFirst()
    // Erased while somebody reads: they get less than was promised, and notice.
    if (!row) return
    const start = piece * pieceBytes
    yield row.bytes.subarray(Math.max(0, from - start), Math.min(row.bytes.length, to - start))
  }
}

function join(parts: Uint8Array[]): Uint8Array {
  const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts)
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength)
}

function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url')
}
