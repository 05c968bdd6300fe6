import type { Selectable } from 'kysely'
import { sql } from 'kysely'
import type { Tables } from '../storage/tables.ts'
import type { Db } from '../storage/types.ts'
import type { RoomFacts } from './types.ts'
import './tables.ts'

export type RoomRow = Selectable<Tables['home.off_record_room']>
export type WordsRow = Selectable<Tables['home.off_record_words']>

/** Rows of rooms; what they hold of words is sealed. */
export type OffRecordStore = ReturnType<typeof createOffRecordStore>

export function createOffRecordStore(db: Db) {
  return {
    room: (room: string): Promise<RoomRow | undefined> =>
      db.selectFrom('home.off_record_room').selectAll().where('room', '=', room).executeTakeFirst(),

    parties: (room: string) =>
      db.selectFrom('home.off_record_party').selectAll().where('room', '=', room).orderBy('party').execute(),

    /** Runs `work` while no other process does the same for this room. */
    alone: (room: string, work: () => Promise<void>): Promise<void> =>
      db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(hashtext(${`off-record ${room}`}))`.execute(tx)
        await work()
      }),

    /** Notes what the record says of a room; who is known already keeps what this node did for it. */
    async note(facts: RoomFacts & { own: string }): Promise<void> {
      const { room, space, opener, own, invited } = facts
      const changing = { closed_at: facts.closedAt ?? null }
      await db
        .insertInto('home.off_record_room')
        .values({
          room,
          space,
          opener,
          opened_at: facts.openedAt,
          keep_ms: facts.keepMs,
          until: facts.until,
          own,
          invited,
          first_hour: 0,
          forgotten_at: null,
          ...changing,
        })
        .onConflict((there) => there.column('room').doUpdateSet(changing))
        .execute()
      if (facts.parties.length === 0) return
      await db
        .insertInto('home.off_record_party')
        .values(
          facts.parties.map(({ party, act, key }) => ({
            room,
            party,
            act,
            key,
            keyed_at: null,
            tries: 0,
            next_try: 0,
          })),
        )
        .onConflict((there) => there.doNothing())
        .execute()
    },

    words: (room: string): Promise<WordsRow[]> =>
      db.selectFrom('home.off_record_words').selectAll().where('room', '=', room).execute(),

    /** False when the room holds as much as it may. The same id again changes nothing. */
    async keep(row: WordsRow, most: number, deliverTo: readonly string[]): Promise<boolean> {
      return db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(hashtext(${`off-record ${row.room}`}))`.execute(tx)
        const there = await tx
          .selectFrom('home.off_record_words')
          .select(({ fn }) => [
            fn.countAll<number>().as('count'),
            sql<boolean>`coalesce(bool_or(id = ${row.id}), false)`.as('known'),
          ])
          .where('room', '=', row.room)
          .executeTakeFirstOrThrow()
        if (there.known) return true
        if (Number(there.count) >= most) return false
        await tx.insertInto('home.off_record_words').values(row).execute()
        if (deliverTo.length > 0)
          await tx
            .insertInto('home.off_record_delivery')
            .values(deliverTo.map((party) => ({ room: row.room, id: row.id, party, tries: 0, next_try: 0 })))
            .execute()
        return true
      })
    },

    /** Words that wait for a party's node and whose time to try has come, oldest first. */
    due: (now: number) =>
      db
        .selectFrom('home.off_record_delivery as d')
        .innerJoin('home.off_record_words as w', (join) =>
          join.onRef('w.room', '=', 'd.room').onRef('w.id', '=', 'd.id'),
        )
        .select(['d.room', 'd.id', 'd.party', 'd.tries', 'w.hour', 'w.nonce', 'w.box'])
        .where('d.next_try', '<=', now)
        .orderBy('w.stored_at')
        .limit(64)
        .execute(),

    async delivered({ room, id, party }: { room: string; id: string; party: string }): Promise<void> {
      await db
        .deleteFrom('home.off_record_delivery')
        .where('room', '=', room)
        .where('id', '=', id)
        .where('party', '=', party)
        .execute()
    },

    async tryLater({ room, id, party }: { room: string; id: string; party: string }, at: number): Promise<void> {
      await db
        .updateTable('home.off_record_delivery')
        .set((row) => ({ tries: row('tries', '+', 1), next_try: at }))
        .where('room', '=', room)
        .where('id', '=', id)
        .where('party', '=', party)
        .execute()
    },

    undelivered: (room: string) =>
      db.selectFrom('home.off_record_delivery').select(['id', 'party']).where('room', '=', room).execute(),

    /** Parties of rooms we opened whose nodes do not have the key yet. */
    unkeyed: (own: string, now: number) =>
      db
        .selectFrom('home.off_record_party as p')
        .innerJoin('home.off_record_room as r', 'r.room', 'p.room')
        .select(['p.room', 'p.party', 'p.act', 'p.key', 'p.tries', 'r.own'])
        .where('r.opener', '=', own)
        .where('r.forgotten_at', 'is', null)
        .where('p.party', '<>', own)
        .where('p.keyed_at', 'is', null)
        .where('p.next_try', '<=', now)
        .limit(64)
        .execute(),

    async keyed(room: string, party: string, now: number): Promise<void> {
      await db
        .updateTable('home.off_record_party')
        .set({ keyed_at: now })
        .where('room', '=', room)
        .where('party', '=', party)
        .execute()
    },

    async keyLater(room: string, party: string, at: number): Promise<void> {
      await db
        .updateTable('home.off_record_party')
        .set((row) => ({ tries: row('tries', '+', 1), next_try: at }))
        .where('room', '=', room)
        .where('party', '=', party)
        .execute()
    },

    /** Rooms whose rows or key files may be due to go. */
    unforgotten: (): Promise<RoomRow[]> =>
      db.selectFrom('home.off_record_room').selectAll().where('forgotten_at', 'is', null).execute(),

    /** Rows of the hours before this one go, and what was to be delivered of them. */
    async forgetBefore(room: string, hour: number): Promise<void> {
      await db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('home.off_record_words')
          .where('room', '=', room)
          .where('hour', '<', hour)
          .returning('id')
          .execute()
        if (gone.length > 0)
          await tx
            .deleteFrom('home.off_record_delivery')
            .where('room', '=', room)
            .where(
              'id',
              'in',
              gone.map(({ id }) => id),
            )
            .execute()
        await tx.updateTable('home.off_record_room').set({ first_hour: hour }).where('room', '=', room).execute()
      })
    },

    async forget(room: string, now: number): Promise<void> {
      await db.transaction().execute(async (tx) => {
        for (const table of ['home.off_record_words', 'home.off_record_delivery', 'home.off_record_look'] as const)
          await tx.deleteFrom(table).where('room', '=', room).execute()
        await tx.updateTable('home.off_record_room').set({ forgotten_at: now }).where('room', '=', room).execute()
      })
    },

    async unseen(person: string): Promise<Map<string, number>> {
      const rows = await db
        .selectFrom('home.off_record_words as w')
        .leftJoin('home.off_record_look as l', (join) =>
          join.onRef('l.room', '=', 'w.room').on('l.person', '=', person),
        )
        .select(({ fn }) => ['w.room', fn.countAll<number>().as('count')])
        .where('w.ours', '=', false)
        .where(sql<boolean>`w.stored_at > coalesce(l.at, 0)`)
        .groupBy('w.room')
        .execute()
      return new Map(rows.map(({ room, count }) => [room, Number(count)]))
    },

    async looked(room: string, person: string, at: number): Promise<void> {
      await db
        .insertInto('home.off_record_look')
        .values({ room, person, at })
        .onConflict((there) => there.columns(['room', 'person']).doUpdateSet({ at }))
        .execute()
    },
  }
}
