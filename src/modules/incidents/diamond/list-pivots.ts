import { sql } from 'kysely'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { type Incident, referenceOf } from '../incident.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import type { DiamondItem } from './list-items.ts'
import '../tables.ts'

/** Another incident that has the very same thing. */
export interface PivotIncident {
  id: string
  reference: string
  codeName: string
  title: string
  /** By its identifier, by the same value or name, or by the same words. */
  by: 'identifier' | 'value' | 'words'
}

export interface Pivot {
  item: DiamondItem
  incidents: PivotIncident[]
  /** There are more than are told. */
  more: boolean
}

/** Incidents told of one item. */
const mostTold = 12

/** What is the same thing where its value is: an actor of the same name may be another. */
const byValue = [
  'attack-pattern',
  'autonomous-system',
  'domain-name',
  'email-addr',
  'file',
  'indicator',
  'ipv4-addr',
  'ipv6-addr',
  'malware',
  'mutex',
  'tool',
  'url',
  'user-account',
  'vulnerability',
  'windows-registry-key',
  'x509-certificate',
]

interface Row {
  item: number
  how: PivotIncident['by']
  id: string
  year: number
  number: number | null
  code_name: string
  title: string
}

/**
 * Other incidents that share an item exactly: the same identifier or value of an object, the same words of a victim or a
 * technique. One query for all items; of both incidents only what this person may read counts. Nothing follows from it.
 */
export async function listPivots(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incident: Pick<Incident, 'id' | 'drill'>,
  items: readonly DiamondItem[],
): Promise<Pivot[]> {
  const asked = items.filter(
    ({ kind, type }) => kind === 'object' || (kind === 'particular' && (type === 'victim' || type === 'technique')),
  )
  if (asked.length === 0) return []
  const labels = texts(tlpLabels.filter((label) => tlpRank(label) <= tlpRank(viewer.ceiling)))
  const column = (pick: (item: DiamondItem) => string) => sql`${asked.map(pick)}::text[]`
  const near = sql`theirs.incident <> ${incident.id} and ${inSight(services, viewer, 'theirs.incident')}
    and exists (select from home.incidents_incident kin where kin.id = theirs.incident and kin.drill = ${incident.drill})`
  const { rows } = await sql<Row>`
    with mine as (select * from unnest(${column(({ kind }) => kind)}, ${column(({ id }) => id)},
      ${column(({ type }) => type)}, ${column(({ words }) => words)}) with ordinality as m (kind, id, type, words, item)),
    hits as (
      select mine.item, 'identifier' as how, hit.incident from mine cross join lateral (
        select distinct theirs.incident from home.incidents_object theirs
        where lower(right(theirs.stix_id, 36)) = lower(right(mine.id, 36)) and lower(theirs.stix_id) = lower(mine.id)
          and theirs.tlp = any(${labels}) and ${near} limit ${mostTold + 1}) hit where mine.kind = 'object'
      union all
      select mine.item, 'value', hit.incident from mine cross join lateral (
        select distinct theirs.incident from home.incidents_object theirs
        where theirs.name <> '' and theirs.type = mine.type and lower(theirs.name) = lower(mine.words)
          and theirs.tlp = any(${labels}) and ${near} limit ${mostTold + 1}) hit
      where mine.kind = 'object' and mine.type = any(${texts(byValue)})
      union all
      select mine.item, 'words', hit.incident from mine cross join lateral (
        select distinct theirs.incident from home.incidents_particular theirs
        where theirs.ended_at is null and theirs.kind in ('victim', 'technique') and theirs.kind = mine.type
          and md5(lower(theirs.value->>'words')) = md5(lower(mine.words))
          and ${inCompartment(services, viewer, 'theirs')} and ${near} limit ${mostTold + 1}) hit
      where mine.kind = 'particular')
    select h.item::int as item, min(h.how) as how, i.id, i.year, i.number, i.code_name, i.title
    from hits h join home.incidents_incident i on i.id = h.incident
    where ${inSight(services, viewer, 'i.id')}
    group by h.item, i.id, i.year, i.number, i.code_name, i.title, i.touched_at
    order by h.item, i.touched_at desc, i.id`.execute(services.db)
  const byItem = Map.groupBy(rows, ({ item }) => item)
  return asked.flatMap((item, at) => {
    const found = byItem.get(at + 1) ?? []
    const incidents = found.slice(0, mostTold).map(toIncident)
    return found.length === 0 ? [] : [{ item, incidents, more: found.length > mostTold }]
  })
}

const toIncident = (row: Row): PivotIncident => ({
  ...{ id: row.id, reference: referenceOf(row), codeName: row.code_name, title: row.title, by: row.how },
})
