import { sql } from 'kysely'
import type { LogLedger } from '../log/index.ts'
import { texts } from '../storage/index.ts'
import type { Blobs, Db, Tx } from '../storage/types.ts'
import { keepPiece, sweepPieces } from './large-blobs.ts'

const maxWaiting = 512
const maxWaitingBytes = 1024 * 1024 * 1024
const keptMs = 24 * 3_600_000

/** Payloads that arrived before the act that names them, bounded per party. */
export type Uploads = ReturnType<typeof createUploads>

export function createUploads({ db, blobs, ledger }: { db: Db; blobs: Blobs; ledger: LogLedger }) {
  return {
    /** False if this party has too much waiting here; then nothing of it is kept. */
    async keep(upload: {
      party: string
      space: string
      blobs: Map<string, Uint8Array>
      now: number
    }): Promise<boolean> {
      const { party, space, now } = upload
      const rows = [...upload.blobs].map(([commitment, blob]) => ({
        party,
        space,
        commitment,
        size_bytes: blob.byteLength,
        at: now,
      }))
      if (rows.length === 0) return true
      return db.transaction().execute(async (tx) => {
        const { count, bytes } = await waitingOf(tx, party)
        const sizeBytes = rows.reduce((sum, row) => sum + row.size_bytes, bytes)
        if (count + rows.length > maxWaiting || sizeBytes > maxWaitingBytes) return false
        // Durable with the act that names them; should they be lost before, the host asks for them again.
        await sql`set local synchronous_commit = off`.execute(tx)
        await blobs.putAll(tx, upload.blobs)
        await tx
          .insertInto('home.upload')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        return true
      })
    },

    /** One piece of a payload, see {@link keepPiece}; with the last one it waits like any other. */
    async keepPiece(piece: {
      party: string
      space: string
      commitment: string
      from: number
      total: number
      bytes: Uint8Array
      now: number
    }) {
      const { party, space, commitment, total, now } = piece
      return keepPiece(db, piece, {
        mostBytes: maxWaitingBytes,
        async complete(tx) {
          const waiting = await waitingOf(tx, party)
          if (waiting.count >= maxWaiting || waiting.bytes + total > maxWaitingBytes) return false
          await tx
            .insertInto('home.upload')
            .values({ party, space, commitment, size_bytes: total, at: now })
            .onConflict((conflict) => conflict.doNothing())
            .execute()
          return true
        },
      })
    },

    /** Which of these somebody brought for this space, and which its record names already. */
    async known(space: string, commitments: string[]): Promise<{ uploaded: Set<string>; named: Set<string> }> {
      if (commitments.length === 0) return { uploaded: new Set(), named: new Set() }
      const { rows } = await sql<{ hash: string; uploaded: boolean }>`
        select commitment as hash, true as uploaded from home.upload
          where space = ${space} and commitment = any(${texts(commitments)})
        union
        select hash, false from log.part where space = ${space} and hash = any(${texts(commitments)})`.execute(db)
      const [uploaded = [], named = []] = [true, false].map((is) => rows.filter((row) => row.uploaded === is))
      return { uploaded: new Set(uploaded.map((row) => row.hash)), named: new Set(named.map((row) => row.hash)) }
    },

    /** Acts that name these payloads are on record: they wait no longer. */
    async named(space: string, commitments: string[]): Promise<void> {
      if (commitments.length === 0) return
      await db.deleteFrom('home.upload').where('space', '=', space).where('commitment', 'in', commitments).execute()
    },

    /** Forgets payloads for which no act came within a day. */
    async sweep(now: number): Promise<void> {
      await sweepPieces(db, now)
      const old = await db
        .selectFrom('home.upload')
        .selectAll()
        .where('at', '<', now - keptMs)
        .limit(1_000)
        .execute()
      for (const { party, space, commitment } of old) {
        await db.transaction().execute(async (tx) => {
          await tx
            .deleteFrom('home.upload')
            .where('party', '=', party)
            .where('space', '=', space)
            .where('commitment', '=', commitment)
            .execute()
          const others = await tx
            .selectFrom('home.upload')
            .select('space')
            .where('commitment', '=', commitment)
            .execute()
          const isNamed = await ledger.hasPart(space, commitment)
          if (others.length === 0 && !isNamed) await blobs.erase(tx, commitment)
        })
      }
    },
  }
}

async function waitingOf(tx: Tx, party: string): Promise<{ count: number; bytes: number }> {
  const { count, bytes } = await tx
    .selectFrom('home.upload')
    .where('party', '=', party)
    .select((of) => [of.fn.countAll<number>().as('count'), of.fn.sum<number | null>('size_bytes').as('bytes')])
    .executeTakeFirstOrThrow()
  return { count, bytes: Number(bytes ?? 0) }
}
