import { type RawBuilder, sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inCompartment } from '../need-to-know/in-sight.ts'
import { keyedNames } from '../read/accused-names.ts'
import { attributionsSeen, type IncidentFilter } from '../read/list-own.ts'
import { countOver, type Hits } from './count-over.ts'
import '../tables.ts'

/** By what victims are told apart. */
export const targetKinds = ['country', 'sector'] as const
export type TargetKind = (typeof targetKinds)[number]

/** Names or codes of one axis that are counted by themselves: the most frequent. */
export const mostTargets = 40

/** Incidents in which somebody is accused by somebody, by where their victims are. */
export interface Target {
  /** As most often typed; null where no attribution that the reader may see names anybody. */
  accused: string | null
  /** Country or sector; null where none is stated. */
  place: string | null
  n: number
  /** In how many of them somebody contests one of those attributions. */
  contested: number
}

export interface CountedTargets {
  hits: Hits
  cells: Target[]
  /** Each incident once, most first, those with nobody named last. */
  accused: Omit<Target, 'place'>[]
  /** Each incident once, most first, those without one last. */
  places: { place: string | null; n: number }[]
  /** Names and places beyond the most frequent, in no cell. */
  beyond: { accused: number; places: number }
  /** Names in the table that were typed in several ways, each way of writing beside. */
  spellings: { accused: string; others: string[] }[]
}

interface Row extends Target {
  what: 'cell' | 'accused' | 'place' | 'beyond'
  /** Place among the most frequent; null for nobody and nowhere. */
  rank: number | null
  /** Every way of writing, the most frequent first. */
  names: string[] | null
}

/** Who is accused against whose victims: nobody is computed, each name stands in an attribution that a person kept. */
export async function countTargets(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
  kind: TargetKind,
): Promise<CountedTargets> {
  const { hits, rows } = await countOver<Row>(services, viewer, filter, {
    beside: [...accusedIn(services, viewer), ...placesIn(services, viewer, kind)],
    rows: sql`select 'cell' as what, null::int as rank, a.name as accused, c.place, c.n, c.contested,
          null::text[] as names
        from cells c left join by_accused a on a.key = c.key left join by_place p on p.place = c.place
        where (c.key is null or a.rank <= ${mostTargets}) and (c.place is null or p.rank <= ${mostTargets})
      union all select 'accused', rank, name, null, n, contested, names from by_accused where rank <= ${mostTargets}
      union all select 'accused', null, null, null, (select count(*) from hits)::int - (select count(*)
        from (select from said group by incident) one)::int, 0, null
      union all select 'place', rank, null, place, n, 0, null from by_place where rank <= ${mostTargets}
      union all select 'place', null, null, null, (select count(*) from hits)::int - (select count(*)
        from (select from stated group by incident) one)::int, 0, null
      union all select 'beyond', null, null, null, greatest(0, (select count(*) from by_accused) - ${mostTargets})::int,
        greatest(0, (select count(*) from by_place) - ${mostTargets})::int, null`,
    labels: sql`select distinct tlp from seen`,
  })
  const of = (what: Row['what']) => rows.filter((row) => row.what === what && row.n > 0)
  const ranked = (what: Row['what']) => of(what).toSorted((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity))
  const beyond = rows.find(({ what }) => what === 'beyond')
  return {
    hits,
    cells: of('cell').map(({ accused, place, n, contested }) => ({ accused, place, n, contested })),
    accused: ranked('accused').map(({ accused, n, contested }) => ({ accused, n, contested })),
    places: ranked('place').map(({ place, n }) => ({ place, n })),
    beyond: { accused: beyond?.n ?? 0, places: beyond?.contested ?? 0 },
    spellings: ranked('accused').flatMap(({ accused, names }) =>
      accused !== null && names && names.length > 1 ? [{ accused, others: names.slice(1) }] : [],
    ),
  }
}

/** Who is accused, of each incident once however often and in whichever way of writing: beside `hits`. */
const accusedIn = (services: Services, viewer: Viewer): RawBuilder<unknown>[] => [
  sql`seen as materialized (select a.incident, a.accused as name, a.contested, a.tlp
    from (${attributionsSeen(services, viewer)}) a join hits h on h.id = a.incident where a.accused <> '')`,
  sql`typed as materialized (select name, count(*) as n from seen group by name)`,
  sql`keyed as materialized (${keyedNames(sql`select name from typed`)})`,
  sql`spelt as materialized (select key, array_agg(name order by n desc, name) as names
    from keyed join typed using (name) group by key)`,
  sql`said as materialized (select seen.incident, keyed.key, bool_or(seen.contested) as contested
    from seen join keyed using (name) group by 1, 2)`,
  sql`by_accused as materialized (select key, names[1] as name, names, n, contested,
      row_number() over (order by n desc, names[1])::int as rank
    from (select key, count(*)::int as n, count(*) filter (where contested)::int as contested from said group by key) one
      join spelt using (key))`,
]

/** Where victims are, and names by places beside `hits`; nobody and nowhere are a name and a place of their own. */
const placesIn = (services: Services, viewer: Viewer, kind: TargetKind): RawBuilder<unknown>[] => [
  sql`stated as materialized (select p.* from (select distinct p.code as place, p.incident
      from home.incidents_particular p
      where p.kind = ${kind} and p.ended_at is null and ${inCompartment(services, viewer, 'p')}
    ) p join hits h on h.id = p.incident)`,
  sql`by_place as materialized (select place, n, row_number() over (order by n desc, place)::int as rank
    from (select place, count(*)::int as n from stated group by place) one)`,
  sql`cells as (select s.key, p.place, count(*)::int as n, count(*) filter (where s.contested)::int as contested
    from hits h left join said s on s.incident = h.id left join stated p on p.incident = h.id group by 1, 2)`,
]
