import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inCompartment } from '../need-to-know/in-sight.ts'
import type { IncidentFilter } from '../read/list-own.ts'
import { countOver, type Hits } from './count-over.ts'
import { readRegions } from './regions.ts'
import '../tables.ts'

export const countedKinds = ['category', 'sector', 'country', 'state'] as const
export type CountedKind = (typeof countedKinds)[number]

/** Incidents by one thing that is said of them; `code` is null where it is not stated. */
export interface KindCount {
  of: CountedKind
  code: string | null
  n: number
}

/** Incidents by category, state, and the sectors and countries of their victims; one with several counts in each. */
export async function countKinds(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
): Promise<{ hits: Hits; kinds: KindCount[] }> {
  const { hits, rows } = await countOver<KindCount>(services, viewer, filter, {
    columns: ['category', 'state'],
    beside: [
      // Out of the index in its order; joined first, all of it would be sorted.
      sql`stated as materialized (select p.* from (select distinct p.kind, p.code, p.incident
          from home.incidents_particular p
          where p.kind in ('sector', 'country') and p.ended_at is null and ${inCompartment(services, viewer, 'p')}
        ) p join hits h on h.id = p.incident)`,
    ],
    rows: sql`select 'category' as of, category as code, count(*)::int as n from hits group by category
      union all select 'state', state, count(*)::int from hits group by state
      union all select kind, code, count(*)::int from stated group by kind, code
      union all select kinds.kind, null, (select count(*) from hits)::int - coalesce(told.n, 0)
        from unnest(array['sector', 'country']) as kinds(kind) left join (select kind, count(*)::int as n
          from (select kind, incident from stated group by kind, incident) one group by kind) told using (kind)
      order by 1, 3 desc, 2`,
  })
  return { hits, kinds: rows.filter(({ n, code }) => n > 0 || code !== null) }
}

/** Incidents whose victims are in a region; `region` is null where a stated country has none. */
export interface RegionCount {
  region: string | null
  n: number
}

export interface CountedRegions {
  hits: Hits
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
  const { hits, rows } = await countOver<RegionCount & { all: number | null }>(services, viewer, filter, {
    beside: [
      sql`region as materialized (select r.code as region, r.country
        from jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as r(code text, country text))`,
      sql`stated as materialized (select distinct p.incident, r.region
        from home.incidents_particular p join hits h on h.id = p.incident
        left join region r on r.country = p.code
        where p.kind = 'country' and p.ended_at is null and ${inCompartment(services, viewer, 'p')})`,
    ],
    rows: sql`select region, count(*)::int as n, null::int as all from stated group by region
      union all select null, 0, (select count(*) from hits)::int - (select count(*) from (select from stated
        group by incident) one)::int
      order by 2 desc, 1`,
  })
  return {
    hits,
    regions: rows.flatMap(({ all, ...one }) => (all === null ? [one] : [])),
    notStated: rows.find(({ all }) => all !== null)?.all ?? 0,
  }
}
