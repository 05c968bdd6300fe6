import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inCompartment } from '../need-to-know/in-sight.ts'
import { attributionsSeen, hitsIn, type IncidentFilter } from '../read/list-own.ts'
import '../tables.ts'

/** By what victims are told apart. */
export const targetKinds = ['country', 'sector'] as const
export type TargetKind = (typeof targetKinds)[number]

/** Names or codes of one axis that are counted by themselves: the most frequent. */
export const mostTargets = 40

/** Incidents in which somebody is accused by somebody, by where their victims are. */
export interface Target {
  /** As a person typed it; null where no attribution that the reader may see names anybody. */
  accused: string | null
  /** Country or sector; null where none is stated. */
  place: string | null
  n: number
  /** In how many of them somebody contests one of those attributions. */
  contested: number
}

export interface CountedTargets {
  cells: Target[]
  /** Each incident once, most first, those with nobody named last. */
  accused: Omit<Target, 'place'>[]
  /** Each incident once, most first, those without one last. */
  places: { place: string | null; n: number }[]
  /** Names and places beyond the most frequent, in no cell. */
  beyond: { accused: number; places: number }
}

type Row = Target & { what: 'cell' | 'accused' | 'place' | 'beyond' }

/** Who is accused against whose victims: nobody is computed, each name stands in an attribution that a person kept. */
export async function countTargets(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
  kind: TargetKind,
): Promise<CountedTargets> {
  const { rows } = await sql<Row>`
    with hits as materialized (${hitsIn(services, viewer, filter)}),
      said as materialized (select a.incident, a.accused, bool_or(a.contested) as contested
        from (${attributionsSeen(services, viewer)}) a join hits h on h.id = a.incident
        where a.accused <> '' group by a.incident, a.accused),
      named as materialized (select incident, accused, contested from said
        union all select h.id, null, false from hits h where not exists (select from said s where s.incident = h.id)),
      stated as materialized (select distinct p.incident, p.value->>'code' as place
        from home.incidents_particular p join hits h on h.id = p.incident
        where p.kind = ${kind} and p.ended_at is null and ${inCompartment(services, viewer, 'p')}),
      placed as materialized (select incident, place from stated
        union all select h.id, null from hits h where not exists (select from stated s where s.incident = h.id)),
      by_accused as materialized (select accused, count(*)::int as n, count(*) filter (where contested)::int as contested
        from named group by accused),
      by_place as materialized (select place, count(*)::int as n from placed group by place),
      top_accused as (select accused from by_accused where accused is not null order by n desc, accused limit ${mostTargets}),
      top_place as (select place from by_place where place is not null order by n desc, place limit ${mostTargets})
    select 'cell' as what, n.accused, p.place, count(*)::int as n, count(*) filter (where n.contested)::int as contested
      from named n join placed p on p.incident = n.incident
      where (n.accused is null or n.accused in (select accused from top_accused))
        and (p.place is null or p.place in (select place from top_place))
      group by n.accused, p.place
    union all select 'accused', accused, null, n, contested from by_accused
      where accused is null or accused in (select accused from top_accused)
    union all select 'place', null, place, n, 0 from by_place
      where place is null or place in (select place from top_place)
    union all select 'beyond', null, null,
      greatest(0, (select count(*) from by_accused where accused is not null) - ${mostTargets})::int,
      greatest(0, (select count(*) from by_place where place is not null) - ${mostTargets})::int`.execute(services.db)
  const of = (what: Row['what']) => rows.filter((row) => row.what === what).map(({ what: _, ...row }) => row)
  const [beyond] = of('beyond')
  return {
    cells: of('cell'),
    accused: mostFirst(of('accused'), ({ accused }) => accused).map(({ place: _, ...one }) => one),
    places: mostFirst(of('place'), ({ place }) => place).map(({ place, n }) => ({ place, n })),
    beyond: { accused: beyond?.n ?? 0, places: beyond?.contested ?? 0 },
  }
}

function mostFirst<T extends { n: number }>(rows: T[], name: (row: T) => string | null): T[] {
  return rows.toSorted((a, b) => {
    const [x, y] = [name(a), name(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return b.n - a.n || (x < y ? -1 : 1)
  })
}
