import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

interface Split {
  from: string
  into: string
  /** Identifiers or exact names. */
  named: readonly string[]
  /** Items of evidence that went: the objects they name go with them. */
  evidence: readonly string[]
}

/** An object of the incident as a split looks at it; all its versions go together. */
interface Held {
  id: string
  name: string
  type: string
  tlp: Tlp
  ends: string[]
}

/**
 * Moves objects to the incident of a split, all versions of each. Relationships and sightings go where all their ends
 * go; one that joins both sides stays, and leaves in no annex from then on. Definitions of markings are needed on both
 * sides and stand in both.
 *
 * @throws Refusal `incidents.split-object-unknown`, `incidents.split-object-named` (an item of evidence that stays
 *   names it), `incidents.split-object-ends` (it joins something that stays)
 */
export async function splitObjects(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  split: Split,
): Promise<{ objects: string[]; torn: number }> {
  const { from, into } = split
  const named = await namedByEvidence(services, viewer, tx, split)
  if (split.named.length === 0 && named.going.size === 0) return { objects: [], torn: 0 }
  const held = await listHeld(services, viewer, tx, from)
  const chosen = chosenOf(split.named, held, viewer)
  for (const one of chosen) {
    const number = named.staying.get(one.id)
    if (number !== undefined)
      throw new Refusal('incidents.split-object-named', { field: 'objects', name: nameOf(one), number })
  }
  const along = [...named.going].filter((id) => held.has(id) && !named.staying.has(id))
  const { objects, torn } = withLinks([...chosen.map(({ id }) => id), ...along], held)
  const loose = chosen.find((one) => one.ends.some((end) => held.has(end) && !objects.has(end)))
  if (loose) throw new Refusal('incidents.split-object-ends', { field: 'objects', name: nameOf(loose) })
  const ids = [...objects]
  await sql`update home.incidents_object set incident = ${into}
    where incident = ${from} and stix_id = any(${texts(ids)})`.execute(tx)
  await bringDefinitions(services, viewer, tx, split)
  return { objects: ids, torn }
}

/** Objects that items name: those only of items that went, and those of items that stay, with their number. */
async function namedByEvidence(services: Services, viewer: Viewer, tx: Tx, { from, into, evidence }: Split) {
  const rows = await tx
    .selectFrom('home.incidents_evidence')
    .select(['id', 'number', 'stix_id'])
    .where('incident', 'in', [from, into])
    .where('compartment', 'is', null)
    .where('stix_id', 'is not', null)
    .where(inSight(services, viewer))
    .orderBy('number')
    .execute()
  const gone = new Set(evidence)
  const going = new Set(rows.flatMap(({ id, stix_id: object }) => (gone.has(id) && object !== null ? [object] : [])))
  const staying = new Map(
    rows.flatMap(({ id, number, stix_id: object }) =>
      gone.has(id) || object === null ? [] : [[object, number] as const],
    ),
  )
  return { going, staying }
}

async function listHeld(services: Services, viewer: Viewer, tx: Tx, from: string): Promise<Map<string, Held>> {
  const rows = await tx
    .selectFrom('home.incidents_object')
    .select(['stix_id as id', 'name', 'type', 'tlp', 'ends'])
    .where('incident', '=', from)
    .where('type', '!=', 'marking-definition')
    .where(inSight(services, viewer))
    .orderBy('ordinal')
    .execute()
  const held = new Map<string, Held>()
  for (const row of rows) {
    const before = held.get(row.id)
    // Of several versions the narrowest decides who may choose it, and every end it ever had has to go along.
    const tlp = before && tlpRank(before.tlp) > tlpRank(row.tlp) ? before.tlp : row.tlp
    held.set(row.id, { ...row, tlp, ends: [...new Set([...(before?.ends ?? []), ...row.ends])] })
  }
  return held
}

/** What a person named of what they may see. */
function chosenOf(named: readonly string[], held: ReadonlyMap<string, Held>, { ceiling }: Viewer): Held[] {
  const mine = [...held.values()].filter(({ tlp }) => tlpRank(tlp) <= tlpRank(ceiling))
  const byName = Map.groupBy(mine, ({ name }) => name.toLowerCase())
  const byId = new Map(mine.map((one) => [one.id, one]))
  const found = named.flatMap((word) => {
    const one = byId.get(word)
    const all = one ? [one] : word === '' ? [] : (byName.get(word.toLowerCase()) ?? [])
    if (all.length === 0) throw new Refusal('incidents.split-object-unknown', { field: 'objects', name: word })
    return all
  })
  return [...new Set(found)]
}

/** With the relationships and sightings between what goes, and how many join it to what stays. */
function withLinks(going: readonly string[], held: ReadonlyMap<string, Held>): { objects: Set<string>; torn: number } {
  const objects = new Set(going)
  const links = [...held.values()]
    .map(({ id, ends }) => ({ id, ends: ends.filter((end) => held.has(end)) }))
    .filter(({ ends }) => ends.length > 0)
  for (let count = -1; count !== objects.size; ) {
    count = objects.size
    for (const { id, ends } of links) if (ends.every((end) => objects.has(end))) objects.add(id)
  }
  const torn = links.filter(({ id, ends }) => !objects.has(id) && ends.some((end) => objects.has(end))).length
  return { objects, torn }
}

/** Definitions that what went refers to, and those they refer to themselves. */
async function bringDefinitions(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { from, into }: Pick<Split, 'from' | 'into'>,
): Promise<void> {
  await sql`with recursive definition as (
      select stix_id, lower(right(stix_id, 36)) as uuid, mentions from home.incidents_object
      where incident = ${from} and type = 'marking-definition' and ${inSight(services, viewer)}),
    needed as (
      select d.stix_id, d.uuid, d.mentions from definition d where d.uuid in (
        select unnest(o.mentions) from home.incidents_object o where o.incident = ${into}
          and ${inSight(services, viewer, 'o.incident')})
      union
      select d.stix_id, d.uuid, d.mentions from definition d join needed n on d.uuid = any(n.mentions))
    insert into home.incidents_object
      (incident, ordinal, stix_id, version, type, name, tlp, marked_by, mentions, ends, text)
    select ${into}, o.ordinal, o.stix_id, o.version, o.type, o.name, o.tlp, o.marked_by, o.mentions, o.ends, o.text
    from home.incidents_object o where o.incident = ${from} and o.stix_id in (select stix_id from needed)
      and ${inSight(services, viewer, 'o.incident')}
    on conflict do nothing`.execute(tx)
}

const nameOf = ({ name, id }: Held): string => name || id
