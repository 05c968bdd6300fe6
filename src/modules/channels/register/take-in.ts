import { sql } from 'kysely'
import type { RegisteredRow, Services } from '../../../core/module/types.ts'
import { markingKey } from '../../../core/search/index.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import '../tables.ts'
import { actsOf, isOurs } from './find-rows.ts'
import { numberOwn, numberRecords, stampIncoming } from './incoming.ts'

/** Spaces looked at in one run, documents taken in one transaction, and such transactions in one run. */
const perRun = 100
const perPortion = 500
const portionsPerRun = 20

type Registry = Pick<Services, 'db' | 'clock' | 'party' | 'modules' | 'ledger'>

/**
 * Takes new documents into the register and gives them their numbers: what is addressed to us the next incoming number
 * in the order it came, what we made without a number the next of our own series. Never two, never another: documents
 * are known by their hashes, whatever is projected anew. Called about once a second.
 */
export async function takeInDocuments(registry: Registry): Promise<void> {
  let portions = portionsPerRun
  for (const space of await spacesWithNews(registry.db))
    while (portions > 0 && (await takeInPortion(registry, space))) portions -= 1
  await numberRecords(registry)
}

/** Spaces that grew, and such whose record was left for another: there documents are new at places seen before. */
async function spacesWithNews(db: Reader): Promise<string[]> {
  const { rows } = await sql<{ space: string }>`
    select c.space from view.cursor c left join home.register_cursor k on k.space = c.space
    left join (select space, count(*) as acts from log.orphan group by space) o on o.space = c.space
    where c.size > coalesce(k.size, 0) or coalesce(o.acts, 0) <> coalesce(k.left_behind, 0)
    order by c.space limit ${perRun}`.execute(db)
  return rows.map(({ space }) => space)
}

interface Place {
  /** How far the space is projected, and how far the register has read it. */
  size: number
  read: number
  /** What came before is registered without a stamp. */
  stampedFrom: number
  /** Acts that were left behind with a record, and of how many the register knows. */
  left: number
  knownLeft: number
}

/** True if more is to be taken in. Another process at the same space is left to it. */
function takeInPortion(registry: Registry, space: string): Promise<boolean> {
  return registry.db.transaction().execute(async (tx) => {
    const place = await lockPlace(tx, space)
    if (!place) return false
    const wasLeft = place.left !== place.knownLeft
    if (wasLeft) await forgetLeft(tx, space)
    const from = wasLeft ? 0 : place.read
    const found = await findNew(tx, registry, space, { from, until: place.size })
    await insert(tx, registry, found)
    const stamped = found.filter(({ idx }) => (idx ?? 0) >= place.stampedFrom)
    await stampIncoming(
      tx,
      registry,
      stamped.filter(({ author }) => author !== registry.party),
    )
    await numberOwn(
      tx,
      registry,
      stamped.filter(({ author, number }) => author === registry.party && number === null),
    )
    const more = found.length === perPortion
    // While a space is projected anew its cursor is behind: then nothing is new, and nothing is read again.
    const size = more ? (found.at(-1)?.idx ?? 0) + 1 : Math.max(from, place.size)
    await sql`
      insert into home.register_cursor (space, size, left_behind) values (${space}, ${size}, ${place.left})
      on conflict (space) do update set size = excluded.size, left_behind = excluded.left_behind`.execute(tx)
    return more
  })
}

async function lockPlace(tx: Tx, space: string): Promise<Place | undefined> {
  const { rows: locks } = await sql<{ got: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('home.register'), hashtext(${space})) as got`.execute(tx)
  if (!locks[0]?.got) return undefined
  const { rows } = await sql<Place>`
    select c.size, coalesce(k.size, 0) as read, coalesce(k.stamped_from, 0) as "stampedFrom",
      coalesce(k.left_behind, 0) as "knownLeft",
      (select count(*) from log.orphan o where o.space = c.space) as left
    from view.cursor c left join home.register_cursor k on k.space = c.space where c.space = ${space}`.execute(tx)
  const [place] = rows
  return place && { ...place, left: Number(place.left), knownLeft: Number(place.knownLeft) }
}

/** Documents of a record that was left stand in the register no longer; their numbers are not given again. */
async function forgetLeft(tx: Tx, space: string): Promise<void> {
  await sql`
    delete from home.register_document d where d.space = ${space}
      and not exists (select from log.entry e where e.space = d.space and e.act_hash = d.act)`.execute(tx)
}

async function findNew(
  tx: Tx,
  registry: Registry,
  space: string,
  { from, until }: { from: number; until: number },
): Promise<RegisteredRow[]> {
  if (from >= until) return []
  const { rows } = await sql<RegisteredRow>`
    select d.* from (${actsOf(registry)}) d
    where d.space = ${space} and d.idx >= ${from} and d.idx < ${until} and ${isOurs(registry.party)}
      and not exists (select from home.register_document r where r.act = d.id)
    order by d.idx limit ${perPortion}`.execute(tx)
  return rows
}

async function insert(tx: Tx, { ledger, party }: Registry, found: readonly RegisteredRow[]): Promise<void> {
  if (found.length === 0) return
  const acts = await ledger.findActs(found.map(({ id }) => id))
  const markings = new Map(acts.map(({ hash, statement }) => [hash, statement.marking]))
  const rows = found.flatMap((row) => {
    const marking = markings.get(row.id)
    return marking ? [{ ...row, marking: markingKey(marking), means: marking }] : []
  })
  const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
    id text, space text, idx bigint, kind text, author text, addressees text[], number text, your_ref text, at bigint,
    marking text, means jsonb)`
  await sql`
    insert into home.register_marking (key, marking) select distinct on (marking) marking, means from ${given}
    on conflict do nothing`.execute(tx)
  await sql`
    insert into home.register_document
    select id, space, idx, kind, author, addressees, number, your_ref, at, marking from ${given}
    on conflict do nothing`.execute(tx)
  await sql`
    insert into home.register_party
    select distinct p.party, r.marking from ${given} cross join lateral unnest(r.author || r.addressees) as p(party)
    where p.party <> ${party} on conflict do nothing`.execute(tx)
}
