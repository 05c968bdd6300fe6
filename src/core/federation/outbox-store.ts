import { type Selectable, sql } from 'kysely'
import type { Act, Envelope, Receipt } from '../../protocol/index.ts'
import type { SignedDraft } from '../log/index.ts'
import type { SignedAct, Submission } from '../module/types.ts'
import type { Db, Tx } from '../storage/types.ts'
import type { OutboxTable } from './tables.ts'

export type OutboxRow = Selectable<OutboxTable>

/** Channel on which a committed enqueue is heard by every process; the message is the space. */
export const outboxChannel = 'chancery_outbox'

/** Rows of `home.outbox`; decides nothing. */
export type OutboxStore = ReturnType<typeof createOutboxStore>

export function createOutboxStore(db: Db) {
  const current = (from: Db | Tx) => from.selectFrom('home.outbox').selectAll().where('replaced_by', 'is', null)

  return {
    async findIntention(tx: Tx, space: string, id: string): Promise<OutboxRow | undefined> {
      return current(tx).where('space', '=', space).where('id', '=', id).executeTakeFirst()
    },

    /** False if another transaction was first with this intention. Heard on {@link outboxChannel} once it commits. */
    async add(tx: Tx, act: SignedDraft, now: number): Promise<boolean> {
      const { rows } = await sql<{ heard: unknown }>`
        with added as (
          insert into home.outbox (hash, space, id, state, signed_at, statement, envelope)
          values (${act.hash}, ${act.space}, ${act.id}, 'queued', ${now},
            ${JSON.stringify(act.statement)}, ${JSON.stringify(act.envelope)})
          on conflict do nothing returning space
        )
        select pg_notify(${outboxChannel}, space) as heard from added`.execute(tx)
      return rows.length > 0
    },

    /** How often this intention was signed. */
    async countSigned({ space, id }: { space: string; id: string }): Promise<number> {
      const { count } = await db
        .selectFrom('home.outbox')
        .select((of) => of.fn.countAll<number>().as('count'))
        .where('space', '=', space)
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    find: (hash: string) => db.selectFrom('home.outbox').selectAll().where('hash', '=', hash).executeTakeFirst(),

    queued: (space: string, limit: number) =>
      db
        .selectFrom('home.outbox')
        .selectAll()
        .where('space', '=', space)
        .where('state', '=', 'queued')
        .orderBy('place')
        .limit(limit)
        .execute(),

    /** Those of the named acts that are ours and still wait. */
    async queuedAmong(tx: Tx, space: string, hashes: readonly string[]): Promise<string[]> {
      if (hashes.length === 0) return []
      const rows = await tx
        .selectFrom('home.outbox')
        .select('hash')
        .where('space', '=', space)
        .where('hash', 'in', hashes)
        .where('state', '=', 'queued')
        .execute()
      return rows.map((row) => row.hash)
    },

    async waitingSpaces(): Promise<string[]> {
      const rows = await db.selectFrom('home.outbox').select('space').distinct().where('state', '=', 'queued').execute()
      return rows.map((row) => row.space)
    },

    allQueued: () => db.selectFrom('home.outbox').selectAll().where('state', '=', 'queued').orderBy('place').execute(),

    async markOnRecord(hash: string, at: { index: number; time: number; receipt: Receipt }): Promise<void> {
      // Lost in a crash it is handed in again, and the host answers as before: no need to wait for the disk.
      await db
        .updateTable('home.outbox')
        .from(sql`(select set_config('synchronous_commit', 'off', true))`.as('hurry'))
        .set({
          state: 'on-record',
          entry: at.index,
          entry_time: at.time,
          receipt: JSON.stringify(at.receipt),
          last_error: null,
        })
        .where('hash', '=', hash)
        .where('state', '=', 'queued')
        .execute()
    },

    async markRefused(hash: string, by: { rule: string; detail: string; refusal?: Envelope }): Promise<void> {
      const { rule, detail, refusal } = by
      await db
        .updateTable('home.outbox')
        .set({ state: 'refused', rule, detail, refusal: refusal ? JSON.stringify(refusal) : null, last_error: null })
        .where('hash', '=', hash)
        .where('state', '=', 'queued')
        .execute()
    },

    /** Signed refusals of acts that nevertheless stand on the record of their space. */
    async refusedYetOnRecord(space: string): Promise<Envelope[]> {
      const rows = await db
        .selectFrom('home.outbox as o')
        .innerJoin('log.entry as e', (join) => join.onRef('e.act_hash', '=', 'o.hash').onRef('e.space', '=', 'o.space'))
        .select('o.refusal')
        .where('o.space', '=', space)
        .where('o.refusal', 'is not', null)
        .limit(16)
        .execute()
      return rows.flatMap(({ refusal }) => (refusal ? [refusal] : []))
    },

    /** The record that had it was left: it waits for the new host. */
    async queueAgain(hash: string): Promise<void> {
      await db
        .updateTable('home.outbox')
        .set({ state: 'queued', entry: null, entry_time: null, receipt: null, last_error: null })
        .where('hash', '=', hash)
        .where('state', '=', 'on-record')
        .execute()
    },

    /** Acts that a receipt promised at places where the record has others: they wait again. Gives how many there are. */
    async queuePromised(space: string): Promise<number> {
      const { numUpdatedRows } = await db
        .updateTable('home.outbox')
        .set({ state: 'queued', entry: null, entry_time: null, receipt: null, last_error: null })
        .where('space', '=', space)
        .where('state', '=', 'on-record')
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('log.entry as e')
                .select('e.idx')
                .whereRef('e.act_hash', '=', 'home.outbox.hash')
                .whereRef('e.space', '=', 'home.outbox.space'),
            ),
          ),
        )
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('log.space as s')
              .select('s.size')
              .whereRef('s.space', '=', 'home.outbox.space')
              .whereRef('s.size', '>', 'home.outbox.entry'),
          ),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('log.orphan as o')
                .select('o.idx')
                .whereRef('o.act', '=', 'home.outbox.hash')
                .whereRef('o.space', '=', 'home.outbox.space'),
            ),
          ),
        )
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },

    /** Acts on record elsewhere by their receipts, which our copies of these records do not show at those places. */
    promisedYetMissing: () =>
      db
        .selectFrom('home.outbox as o')
        .innerJoin('log.space as s', 's.space', 'o.space')
        .select(['o.space', 'o.envelope', 'o.entry_time', 'o.receipt'])
        .where('s.hosted', '=', false)
        .where('s.frozen', 'is', null)
        .where('o.state', '=', 'on-record')
        .where('o.receipt', 'is not', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('log.entry as e')
                .select('e.idx')
                .whereRef('e.space', '=', 'o.space')
                .whereRef('e.idx', '=', 'o.entry')
                .whereRef('e.act_hash', '=', 'o.hash'),
            ),
          ),
        )
        .orderBy('o.place')
        .limit(1_000)
        .execute(),

    async noteFailure(hashes: string[], error: string): Promise<void> {
      if (hashes.length === 0) return
      await db
        .updateTable('home.outbox')
        .set((of) => ({ attempts: of('attempts', '+', 1), last_error: error.slice(0, 500) }))
        .where('hash', 'in', hashes)
        .execute()
    },

    /** False if the new signature is the old one. The same intention under a new signature takes the place of one that was refused as stale. */
    async replace(
      old: OutboxRow,
      sign: (tx: Tx) => Promise<Act>,
      by: { rule: string; detail: string; now: number },
      from: 'queued' | 'on-record' = 'queued',
    ): Promise<boolean> {
      return db.transaction().execute(async (tx) => {
        const act = await sign(tx)
        if (act.hash === old.hash) return false
        const { numUpdatedRows } = await tx
          .updateTable('home.outbox')
          .set({ state: 'refused', rule: by.rule, detail: by.detail, last_error: null, replaced_by: act.hash })
          .where('hash', '=', old.hash)
          .where('state', '=', from)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) return true
        await tx
          .insertInto('home.outbox')
          .values({
            hash: act.hash,
            space: old.space,
            id: old.id,
            state: 'queued',
            signed_at: by.now,
            attempts: old.attempts + 1,
            statement: JSON.stringify(act.statement),
            envelope: JSON.stringify(act.envelope),
            last_error: null,
            rule: null,
            detail: null,
            entry: null,
            entry_time: null,
            receipt: null,
            refusal: null,
            replaced_by: null,
          })
          .execute()
        return true
      })
    },
  }
}

export function showSigned(row: OutboxRow): SignedAct {
  return { hash: row.hash, space: row.space, id: row.id, statement: row.statement }
}

export function showSubmission(row: OutboxRow, heldBy: { party: string; at: number }[] = []): Submission {
  const { hash } = row
  if (row.state === 'on-record') return { state: 'on-record', hash, index: row.entry!, time: row.entry_time! }
  if (row.state === 'refused') return { state: 'refused', hash, rule: row.rule!, detail: row.detail! }
  return heldBy.length > 0 ? { state: 'tendered', hash, heldBy } : { state: 'signed', hash }
}
