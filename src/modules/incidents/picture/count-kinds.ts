import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { inCompartment } from '../need-to-know/in-sight.ts'
import { hitsIn, type IncidentFilter } from '../read/list-own.ts'
import { readRegions } from './regions.ts'
import '../tables.ts'

/** How many incidents a picture counts, how many of them are drills, and every label they are marked with. */
export interface Hits {
  n: number
  drills: number
  labels: Tlp[]
}

export async function countHits(services: Services, viewer: Viewer, filter: IncidentFilter): Promise<Hits> {
  const { rows } = await sql<Hits>`
    select count(*)::int as n, count(*) filter (where drill)::int as drills,
      coalesce(array_agg(distinct marking), '{}') as labels
    from (${hitsIn(services, viewer, filter)}) hits`.execute(services.db)
  return rows[0] ?? { n: 0, drills: 0, labels: [] }
}

export const countedKinds = ['category', 'sector', 'country', 'state'] as const
export type CountedKind = (typeof countedKinds)[number]

/** Incidents by one thing that is said of them; `code` is null where it is not stated. */
export interface KindCount {
  of: CountedKind
  code: string | null
  n: number
}

/** Incidents by category, state, and the sectors and countries of their victims; one with several counts in each. */
export async function countKinds(services: Services, viewer: Viewer, filter: IncidentFilter): Promise<KindCount[]> {
  const { rows } = await sql<KindCount>`
    with hits as materialized (${hitsIn(services, viewer, filter)}),
      stated as materialized (select distinct p.incident, p.kind, p.value->>'code' as code
        from home.incidents_particular p join hits h on h.id = p.incident
        where p.kind in ('sector', 'country') and p.ended_at is null and ${inCompartment(services, viewer, 'p')})
    select 'category' as of, category as code, count(*)::int as n from hits group by category
    union all select 'state', state, count(*)::int from hits group by state
    union all select kind, code, count(*)::int from stated group by kind, code
    union all select kind, null, (select count(*) from hits)::int - (select count(distinct incident) from stated s
      where s.kind = kinds.kind)::int from unnest(array['sector', 'country']) as kinds(kind)
    order by 1, 3 desc, 2`.execute(services.db)
  return rows.filter(({ n, code }) => n > 0 || code !== null)
}

/** Incidents whose victims are in a region; `region` is null where a stated country has none. */
export interface RegionCount {
  region: string | null
  n: number
}

export interface CountedRegions {
  regions: RegionCount[]
  /** Incidents without a stated country of victims. */
  notStated: number
}

export async function countRegions(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
): Promise<CountedRegions> {
  const pairs = readRegions(services).content.regions.flatMap(({ code, countries }) =>
    countries.map((country) => ({ code, country })),
  )
  const { rows } = await sql<RegionCount & { all: number | null }>`
    with hits as materialized (${hitsIn(services, viewer, filter)}),
      region as (select * from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r(code text, country text)),
      stated as materialized (select distinct p.incident, r.code as region
        from home.incidents_particular p join hits h on h.id = p.incident
        left join region r on r.country = p.value->>'code'
        where p.kind = 'country' and p.ended_at is null and ${inCompartment(services, viewer, 'p')})
    select region, count(*)::int as n, null::int as all from stated group by region
    union all select null, 0, (select count(*) from hits)::int - (select count(distinct incident) from stated)::int
    order by 2 desc, 1`.execute(services.db)
  return {
    regions: rows.flatMap(({ all, ...one }) => (all === null ? [one] : [])),
    notStated: rows.find(({ all }) => all !== null)?.all ?? 0,
  }
}
