import { kidOf } from '../../protocol/index.ts'
import type { RegisterState } from '../identity/types.ts'
import type { Peer } from '../module/types.ts'
import type { Db, Reader } from '../storage/types.ts'
import { type Selectable, sql } from 'kysely'
import type { PeerTable } from './tables.ts'

/** A peer as stored. */
export type PeerRow = Selectable<PeerTable>

/** What is stored of other parties; decides nothing. */
export type PeerBook = ReturnType<typeof createPeerBook>

export function createPeerBook(db: Db) {
  const rows = createShortMemory((party) => find(party))
  const keys = createShortMemory((kid) =>
    db.selectFrom('home.peer_key').selectAll().where('kid', '=', kid).executeTakeFirst(),
  )

  async function find(party: string, reader: Reader = db): Promise<PeerRow | undefined> {
    return reader.selectFrom('home.peer').selectAll().where('party', '=', party).executeTakeFirst()
  }

  function forget(): void {
    rows.clear()
    keys.clear()
  }

  /** Writes what a register says now and the node keys that follow from it. */
  async function learn(register: RegisterState, at: { url?: string; now: number }): Promise<PeerRow> {
    return db
      .transaction()
      .execute(async (tx) => {
        const told = { register: JSON.stringify(register), names: JSON.stringify(register.names) }
        await tx
          .insertInto('home.peer')
          .values({
            party: register.party,
            url: at.url ?? '',
            state: 'introduced',
            ...told,
            introduced_at: at.now,
            pinned_at: null,
            pinned_by: null,
            compared_by: null,
            unreachable_since: null,
          })
          .onConflict((conflict) =>
            conflict.column('party').doUpdateSet({ ...told, ...(at.url === undefined ? {} : { url: at.url }) }),
          )
          .execute()
        await tx.deleteFrom('home.peer_key').where('party', '=', register.party).execute()
        const keys = register.nodes.map((key) => ({ kid: kidOf(key), key, party: register.party }))
        // A key that another party holds already stays with it: nobody takes over a peer by naming its key.
        if (keys.length > 0) {
          await tx
            .insertInto('home.peer_key')
            .values(keys)
            .onConflict((conflict) => conflict.doNothing())
            .execute()
        }
        return (await find(register.party, tx))!
      })
      .finally(forget)
  }

  return {
    find,
    learn,
    list: () => db.selectFrom('home.peer').selectAll().orderBy('party').execute(),
    /** As `find`, perhaps a second old where another process of this node wrote. */
    recall: rows.get,
    findKey: keys.get,

    async markPinned(party: string, by: { person: string; how: string; now: number }): Promise<void> {
      await db
        .updateTable('home.peer')
        .set({ state: 'pinned', pinned_at: by.now, pinned_by: by.person, compared_by: by.how })
        .where('party', '=', party)
        .where('state', '=', 'introduced')
        .execute()
      forget()
    },

    async letGo(party: string): Promise<void> {
      await db
        .updateTable('home.peer')
        .set({ state: 'introduced', pinned_at: null, pinned_by: null, compared_by: null })
        .where('party', '=', party)
        .execute()
      forget()
    },

    async moveTo(party: string, url: string): Promise<void> {
      await db.updateTable('home.peer').set({ url }).where('party', '=', party).execute()
      forget()
    },

    async markUnreachable(party: string, since: number | null): Promise<void> {
      await db
        .updateTable('home.peer')
        .set({ unreachable_since: since })
        .where('party', '=', party)
        .where('unreachable_since', since === null ? 'is not' : 'is', null)
        .execute()
    },

    /**
     * Keeps that a space of this party waits, while nobody has pinned the party. The party's row is held until it is
     * kept: a pin at the same moment comes wholly before, and nothing waits, or wholly after, and finds it.
     */
    async addRequest(request: { space: string; party: string; now: number; limit: number }): Promise<void> {
      const { space, party, now, limit } = request
      await sql`
        insert into home.request (space, party, since)
        select ${space}, party, ${now} from home.peer
        where party = ${party} and state <> 'pinned'
          and (select count(*) from home.request where party = ${party}) < ${limit}
        for share
        on conflict do nothing`.execute(db)
    },

    requests: () => db.selectFrom('home.request').selectAll().orderBy('since').orderBy('space').execute(),

    async takeRequests(party: string): Promise<string[]> {
      const rows = await db.deleteFrom('home.request').where('party', '=', party).returning('space').execute()
      return rows.map((row) => row.space)
    },
  }
}

/** A stored peer as pages show it. */
export function showPeer(row: PeerRow): Peer {
  return {
    party: row.party,
    url: row.url,
    state: row.state,
    fingerprint: row.register.fingerprint,
    name: row.names,
    ...(row.pinned_at === null ? {} : { pinnedAt: row.pinned_at }),
    ...(row.pinned_by === null ? {} : { pinnedBy: row.pinned_by }),
    ...(row.compared_by === null ? {} : { comparedBy: row.compared_by }),
    keyEvents: row.register.events ?? [],
    reachable: row.unreachable_since === null,
    ...(row.unreachable_since === null ? {} : { unreachableSince: row.unreachable_since }),
  }
}

const memoryMs = 1_000
const memorySize = 10_000

/** Remembers what was found, not what was missing, for a second: each message between nodes asks for it. */
function createShortMemory<T>(find: (key: string) => Promise<T | undefined>) {
  const kept = new Map<string, { value: T; until: number }>()
  let generation = 0
  return {
    async get(key: string): Promise<T | undefined> {
      const known = kept.get(key)
      if (known && known.until > performance.now()) return known.value
      const before = generation
      const value = await find(key)
      if (kept.size >= memorySize) kept.clear()
      if (value !== undefined && before === generation) kept.set(key, { value, until: performance.now() + memoryMs })
      return value
    },
    clear(): void {
      generation += 1
      kept.clear()
    },
  }
}
