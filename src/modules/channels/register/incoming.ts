import { type RawBuilder, sql } from 'kysely'
import type { Services } from '../../../core/module/types.ts'
import { foldReference } from '../../../core/search/index.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import '../tables.ts'
import { recordsOf } from './find-rows.ts'

/** The stamp of the registry: our own number of what came in, and when it came. */
export interface Stamp {
  number: string
  receivedAt: number
}

type Clocked = Pick<Services, 'clock'>
type Numbered = readonly { id: string }[]

/** The next incoming numbers for these acts, in this order; what has one keeps it. */
export async function stampIncoming(tx: Tx, { clock }: Clocked, acts: Numbered): Promise<void> {
  if (acts.length === 0) return
  const now = clock.now()
  const year = new Date(now).getUTCFullYear()
  await sql`select pg_advisory_xact_lock(hashtext('home.register_incoming'))`.execute(tx)
  await sql`
    insert into home.register_incoming (act, year, number, received_at)
    select n.id, ${year}::integer,
      (select coalesce(max(number), 0) from home.register_incoming where year = ${year}::integer)
        + row_number() over (order by n.place), ${now}::bigint
    from (${inOrder(acts)}) n
    where not exists (select from home.register_incoming i where i.act = n.id)`.execute(tx)
}

/** The next numbers of our own series for these documents, in this order; what has one keeps it. */
export async function numberOwn(tx: Tx, clocked: Clocked, documents: Numbered): Promise<void> {
  if (documents.length > 0) await numberAll(tx, clocked, inOrder(documents))
}

/** Records that stand in the register and have no number yet get the next of our own series. */
export async function numberRecords(registry: Pick<Services, 'db' | 'clock' | 'party' | 'modules'>): Promise<void> {
  const records = sql`select d.id, d.at as place from (${recordsOf(registry)}) d`
  const { rows: unnumbered } = await sql`
    select from (${records}) n where not exists (select from home.channels_number o where o.draft = n.id)
    limit 1`.execute(registry.db)
  if (unnumbered.length > 0) await registry.db.transaction().execute((tx) => numberAll(tx, registry, records))
}

const inOrder = (documents: Numbered) =>
  sql`select id, place from unnest(${texts(documents.map(({ id }) => id))}) with ordinality as given(id, place)`

async function numberAll(tx: Tx, { clock }: Clocked, documents: RawBuilder<unknown>): Promise<void> {
  const year = new Date(clock.now()).getUTCFullYear()
  await sql`select pg_advisory_xact_lock(hashtext('home.channels_number'))`.execute(tx)
  await sql`
    insert into home.channels_number (year, number, draft)
    select ${year}::integer, (select coalesce(max(number), 0) from home.channels_number where year = ${year}::integer)
      + row_number() over (order by n.place, n.id), n.id
    from (${documents}) n where not exists (select from home.channels_number o where o.draft = n.id)`.execute(tx)
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
