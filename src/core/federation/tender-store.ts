import { type Selectable, sql } from 'kysely'
import type { Envelope, Statement } from '../../protocol/types.ts'
import type { TenderedAct } from '../module/types.ts'
import type { Db, Tx } from '../storage/types.ts'
import type { TenderedTable } from './tables.ts'

export type TenderedRow = Selectable<TenderedTable>

/** What is kept of one member's acts in one space until its host answers. */
export const tenderLimits = { acts: 256, sizeBytes: 32 * 1024 * 1024 } as const
const refusedShownMs = 24 * 3_600_000

export interface NewTender {
  hash: string
  statement: Statement
  envelope: Envelope
  sizeBytes: number
  from: string
  since: number
}

/** Rows of `home.tendered` and the receipts beside them; decides nothing. */
export type TenderStore = ReturnType<typeof createTenderStore>

export function createTenderStore(db: Db) {
  async function show(rows: readonly TenderedRow[]): Promise<TenderedAct[]> {
    if (rows.length === 0) return []
    const hashes = rows.map((row) => row.hash)
    const receipts = await db
      .selectFrom('home.tender_receipt')
      .select(['act', 'party', 'at'])
      .where('act', 'in', hashes)
      .orderBy('at')
      .orderBy('party')
      .execute()
    const anchors = await db.selectFrom('home.anchor').selectAll().where('act', 'in', hashes).execute()
    return rows.map(({ hash, space, statement, since, state, rule, detail }) => {
      const anchor = anchors.find((one) => one.act === hash)
      return {
        space,
        hash,
        statement,
        since,
        heldBy: receipts.filter((one) => one.act === hash).map(({ party, at }) => ({ party, at })),
        ...(state === 'refused' ? { refused: { rule: rule ?? '', detail: detail ?? '' } } : {}),
        ...(anchor ? { anchoredBy: anchor.anchored_by } : {}),
      }
    })
  }

  return {
    show,

    /** False if it is kept already. */
    async add(tx: Tx | Db, tender: NewTender): Promise<boolean> {
      const added = await tx
        .insertInto('home.tendered')
        .values(heldRow(tender))
        .onConflict((there) => there.doNothing())
        .returning('hash')
        .execute()
      return added.length > 0
    },

    /** An act of a record that was left: kept for the new host, whatever became of it before. */
    async holdAgain(tx: Tx | Db, tender: NewTender): Promise<void> {
      await tx
        .insertInto('home.tendered')
        .values(heldRow(tender))
        .onConflict((there) => there.column('hash').doUpdateSet({ state: 'held', rule: null, detail: null }))
        .execute()
    },

    async hasRoom(tx: Tx, { space, author, sizeBytes }: { space: string; author: string; sizeBytes: number }) {
      // Counted one request at a time: two at once would both find the last place free.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`${space} ${author}`}, 0))`.execute(tx)
      const { count, bytes } = await tx
        .selectFrom('home.tendered')
        .where('space', '=', space)
        .where('author', '=', author)
        .where('state', '=', 'held')
        .select((of) => [of.fn.countAll<number>().as('count'), of.fn.sum<number>('size_bytes').as('bytes')])
        .executeTakeFirstOrThrow()
      return count < tenderLimits.acts && Number(bytes ?? 0) + sizeBytes <= tenderLimits.sizeBytes
    },

    find: (hash: string) => db.selectFrom('home.tendered').selectAll().where('hash', '=', hash).executeTakeFirst(),

    held: (space: string) =>
      db
        .selectFrom('home.tendered')
        .selectAll()
        .where('space', '=', space)
        .where('state', '=', 'held')
        .orderBy('place')
        .execute(),

    /** Those of the named acts that are kept and neither on the record nor refused. */
    async heldAmong(from: Db | Tx, space: string, hashes: readonly string[]): Promise<string[]> {
      if (hashes.length === 0) return []
      const rows = await from
        .selectFrom('home.tendered')
        .select('hash')
        .where('space', '=', space)
        .where('hash', 'in', hashes)
        .where('state', '=', 'held')
        .orderBy('place')
        .execute()
      return rows.map((row) => row.hash)
    },

    allHeld: () => db.selectFrom('home.tendered').selectAll().where('state', '=', 'held').orderBy('place').execute(),

    shownIn: (space: string, now: number) =>
      db
        .selectFrom('home.tendered')
        .selectAll()
        .where('space', '=', space)
        .where((q) =>
          q.or([q('state', '=', 'held'), q.and([q('state', '=', 'refused'), q('since', '>', now - refusedShownMs)])]),
        )
        .orderBy('place')
        .limit(200)
        .execute(),

    async heldSpaces(): Promise<string[]> {
      const rows = await db.selectFrom('home.tendered').select('space').distinct().where('state', '=', 'held').execute()
      return rows.map((row) => row.space)
    },

    /** Those that were held until now. */
    async markOnRecord(hashes: readonly string[]): Promise<TenderedRow[]> {
      if (hashes.length === 0) return []
      return db
        .updateTable('home.tendered')
        .set({ state: 'on-record' })
        .where('hash', 'in', hashes)
        .where('state', '=', 'held')
        .returningAll()
        .execute()
    },

    async markRefused(hash: string, by: { rule: string; detail: string; refusal?: Envelope }): Promise<void> {
      await db
        .updateTable('home.tendered')
        .set({
          state: 'refused',
          rule: by.rule,
          detail: by.detail.slice(0, 500),
          refusal: by.refusal ? JSON.stringify(by.refusal) : null,
        })
        .where('hash', '=', hash)
        .where('state', '=', 'held')
        .execute()
    },

    /** False if this party's receipt is here already: the first one says since when. */
    async addReceipt(
      tx: Tx | Db,
      { act, party, at, receipt }: { act: string; party: string; at: number; receipt: Envelope },
    ): Promise<boolean> {
      const added = await tx
        .insertInto('home.tender_receipt')
        .values({ act, party, at, receipt: JSON.stringify(receipt) })
        .onConflict((there) => there.doNothing())
        .returning('act')
        .execute()
      return added.length > 0
    },

    async receipts(
      hashes: readonly string[],
    ): Promise<{ act: string; party: string; at: number; receipt: Envelope }[]> {
      if (hashes.length === 0) return []
      return db
        .selectFrom('home.tender_receipt')
        .selectAll()
        .where('act', 'in', hashes)
        .orderBy('at')
        .orderBy('party')
        .execute()
    },

    async anchored(acts: readonly string[]): Promise<Set<string>> {
      if (acts.length === 0) return new Set()
      const rows = await db.selectFrom('home.anchor').select('act').where('act', 'in', acts).execute()
      return new Set(rows.map((row) => row.act))
    },

    async addAnchor(tx: Tx, anchor: { act: string; space: string; anchored_by: string; at: number }): Promise<void> {
      await tx
        .insertInto('home.anchor')
        .values(anchor)
        .onConflict((there) => there.doNothing())
        .execute()
    },
  }
}

function heldRow({ hash, since, statement, envelope, sizeBytes, from }: NewTender) {
  return {
    hash,
    since,
    space: statement.space,
    author: statement.author,
    statement: JSON.stringify(statement),
    envelope: JSON.stringify(envelope),
    size_bytes: sizeBytes,
    from_party: from,
    state: 'held' as const,
    rule: null,
    detail: null,
    refusal: null,
  }
}
