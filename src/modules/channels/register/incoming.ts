import { type RawBuilder, sql } from 'kysely'
import type { Services } from '../../../core/module/types.ts'
import { foldReference } from '../../../core/search/index.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import '../tables.ts'
import { documentsOf, isOurs } from './find-rows.ts'

/** The stamp of the registry: our own number of what came in, and when it came. */
export interface Stamp {
  number: string
  receivedAt: number
}

/** Spaces looked at in one run. */
const perRun = 100

type Registry = Pick<Services, 'db' | 'clock' | 'party' | 'modules'>

/**
 * Gives every document addressed to us its own incoming number in the order it came, and what we made that bears no
 * number the next of our own series; never two, never another: a number once given stays, whatever is projected anew.
 * Called about once a second.
 */
export async function stampDocuments(registry: Registry): Promise<void> {
  const { db, clock } = registry
  const { rows } = await sql<{ space: string }>`
    select c.space from view.cursor c left join home.register_cursor k on k.space = c.space
    where c.size <> coalesce(k.size, 0) order by c.space limit ${perRun}`.execute(db)
  for (const { space } of rows)
    await db.transaction().execute(async (tx) => {
      await stampIncoming(tx, registry, space)
      await numberOwn(tx, registry, newIn(registry, space))
      // While a space is projected anew its cursor is behind: then nothing is new.
      await sql`
        insert into home.register_cursor (space, size) select space, size from view.cursor where space = ${space}
        on conflict (space) do update set size = excluded.size`.execute(tx)
    })
  const records = sql`select d.id, d.at as place from (${documentsOf(registry)}) d where d.space is null`
  const { rows: unnumbered } = await sql`
    select from (${records}) n where not exists (select from home.channels_number o where o.draft = n.id)
    limit 1`.execute(db)
  if (unnumbered.length > 0) await db.transaction().execute((tx) => numberOwn(tx, { clock }, records))
}

/** Acts of a space that came after the last run; `place` is their order. */
const newIn = (registry: Registry, space: string, isIncoming = false) => sql`
  select d.id, d.idx as place from (${documentsOf(registry)}) d
  join view.cursor c on c.space = d.space
  left join home.register_cursor k on k.space = d.space
  where d.space = ${space} and d.idx >= coalesce(k.size, 0) and d.idx < c.size and ${
    isIncoming
      ? sql`d.author <> ${registry.party} and ${isOurs(registry.party)}`
      : sql`d.author = ${registry.party} and d.number is null`
  }`

async function stampIncoming(tx: Tx, registry: Registry, space: string): Promise<void> {
  const now = registry.clock.now()
  const year = new Date(now).getUTCFullYear()
  await sql`select pg_advisory_xact_lock(hashtext('home.register_incoming'))`.execute(tx)
  await sql`
    insert into home.register_incoming (act, year, number, received_at)
    select n.id, ${year}::integer,
      (select coalesce(max(number), 0) from home.register_incoming where year = ${year}::integer)
        + row_number() over (order by n.place), ${now}::bigint
    from (${newIn(registry, space, true)}) n
    where not exists (select from home.register_incoming i where i.act = n.id)`.execute(tx)
}

async function numberOwn(tx: Tx, { clock }: Pick<Services, 'clock'>, ours: RawBuilder<unknown>): Promise<void> {
  const year = new Date(clock.now()).getUTCFullYear()
  await sql`select pg_advisory_xact_lock(hashtext('home.channels_number'))`.execute(tx)
  await sql`
    insert into home.channels_number (year, number, draft)
    select ${year}::integer, (select coalesce(max(number), 0) from home.channels_number where year = ${year}::integer)
      + row_number() over (order by n.place, n.id), n.id
    from (${ours}) n where not exists (select from home.channels_number o where o.draft = n.id)`.execute(tx)
}

/** Stamps of documents: act → stamp. */
export async function listStamps(db: Reader, acts: readonly string[]): Promise<Map<string, Stamp>> {
  if (acts.length === 0) return new Map()
  const rows = await db.selectFrom('home.register_incoming').selectAll().where('act', 'in', acts).execute()
  return new Map(rows.map((row) => [row.act, { number: `${row.number}/${row.year}`, receivedAt: row.received_at }]))
}

/** Numbers are looked for by how they begin; so many acts of them at most. */
const mostNumbered = 1_000

/** Acts to which our registry gave this number, or one that begins so; newest first. */
export async function findNumbered({ db }: Pick<Services, 'db'>, reference: string): Promise<string[]> {
  const folded = foldReference(reference)
  if (!/^\d+(?:\/\d*)?$/.test(folded)) return []
  const { rows } = await sql<{ act: string }>`
    select act from (
      select act, year, number from home.register_incoming
      union all select draft, year, number from home.channels_number where length(draft) > 32) n
    where starts_with(number || '/' || year, ${folded}) order by year desc, number desc limit ${mostNumbered}`.execute(
    db,
  )
  return rows.map(({ act }) => act)
}
