import { sql } from 'kysely'
import type { Tx } from '../../../core/storage/types.ts'
import type { BundleObject } from '../../exchange/index.ts'
import { beyondSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** Rows per statement: each statement carries whole objects. */
export const objectsPerStatement = 2_000

const columns = sql.raw('stix_id, version, type, name, tlp, marked_by, mentions, ends, text')

/** Puts objects behind those an incident has; versions that are there stay. Returns how many came in. */
export async function insertObjects(tx: Tx, incident: string, objects: readonly BundleObject[]): Promise<number> {
  const base = await lastOrdinal(tx, incident)
  let added = 0
  for (let from = 0; from < objects.length; from += objectsPerStatement) {
    const done = await sql`
      insert into home.incidents_object (incident, ordinal, ${columns})
      select ${incident}, ${base + from}::integer + place, ${columns}
      from ${rowsOf(objects.slice(from, from + objectsPerStatement))}
      on conflict do nothing`.execute(tx)
    added += Number(done.numAffectedRows ?? 0)
  }
  return added
}

/** Lays objects of a bundle aside that come into its incident all at once later; `from` is the place of the first. */
export async function layObjectsAside(
  tx: Tx,
  bundle: string,
  from: number,
  objects: readonly BundleObject[],
): Promise<void> {
  await sql`
    insert into home.incidents_bundle_object (bundle, place, ${columns})
    select ${bundle}, ${from}::integer + place, ${columns} from ${rowsOf(objects)}`.execute(tx)
}

/** The same as {@link insertObjects} with what was laid aside of a bundle. */
export async function insertLaidAside(tx: Tx, incident: string, bundle: string): Promise<number> {
  const base = await lastOrdinal(tx, incident)
  const done = await sql`
    insert into home.incidents_object (incident, ordinal, ${columns})
    select ${incident}, ${base}::integer + place, ${columns} from home.incidents_bundle_object
    where bundle = ${bundle} and ${beyondSight('objects of the bundle whose job this is')} order by place
    on conflict do nothing`.execute(tx)
  return Number(done.numAffectedRows ?? 0)
}

async function lastOrdinal(tx: Tx, incident: string): Promise<number> {
  const last = await tx
    .selectFrom('home.incidents_object')
    .select((eb) => eb.fn.max('ordinal').as('ordinal'))
    .where('incident', '=', incident)
    .where(beyondSight('only the place in the order, of an incident the caller was given'))
    .executeTakeFirst()
  return last?.ordinal ?? 0
}

function rowsOf(objects: readonly BundleObject[]) {
  const column = <V>(pick: (object: BundleObject) => V): V[] => objects.map(pick)
  return sql`(
    select stix_id, version, type, name, tlp, marked_by, string_to_array(mentions, ' ') as mentions,
      string_to_array(ends, ' ') as ends, text, place
    from unnest(
      ${column((one) => one.id)}::text[], ${column((one) => one.version)}::text[], ${column((one) => one.type)}::text[],
      ${column((one) => one.name)}::text[], ${column((one) => one.tlp)}::text[], ${column((one) => one.markedBy)}::text[],
      ${column((one) => one.mentions.join(' '))}::text[], ${column((one) => one.ends.join(' '))}::text[],
      ${column((one) => one.text)}::text[]
    ) with ordinality as o (stix_id, version, type, name, tlp, marked_by, mentions, ends, text, place)) as given`
}
