import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { attributionsSeen, type IncidentFilter } from '../read/list-own.ts'
import { countOver, type Hits } from './count-over.ts'
import { startsSeen } from './started.ts'

/** Why no days can be counted to an attribution. */
export const unusableReasons = ['no-start', 'start-inexact', 'day-inexact', 'before-start'] as const
export type UnusableReason = (typeof unusableReasons)[number]

/** Days from the start of incidents to attributions on one basis. */
export interface Delay {
  /** Null: on whatever basis. */
  basis: string | null
  /** Attributions: `usable` of them have both days, exactly and in order. */
  all: number
  usable: number
  /** Lower quartile, median, upper quartile; none where nothing is usable. */
  quartiles: [number, number, number] | null
  unusable: Record<UnusableReason, number>
}

/** An attribution to which no days can be counted. */
export interface Unusable {
  incident: string
  day: string
  reason: UnusableReason
}

interface Row extends Omit<Delay, 'unusable'>, Record<UnusableReason, number> {
  /** On the row of all bases: those that cannot be counted, newest first. */
  listed: Unusable[] | null
}

/** Days by basis, and at most `listed` of the attributions to which none can be counted. */
export async function countDelays(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
  { listed }: { listed: number },
): Promise<{ hits: Hits; delays: Delay[]; unusable: Unusable[] }> {
  const counts = unusableReasons.map(
    (reason) => sql`count(*) filter (where reason = ${sql.lit(reason)})::int as ${sql.ref(reason)}`,
  )
  const { hits, rows } = await countOver<Row>(services, viewer, filter, {
    beside: [
      sql`starts as materialized (${startsSeen(services, viewer)})`,
      sql`paired as materialized (select a.incident, a.claim, a.basis, a.day, a.tlp, s.day as start,
          case when s.day is null then 'no-start' when not s.is_exact then 'start-inexact'
            when length(a.day) < 10 then 'day-inexact' when a.day < s.day then 'before-start' end as reason
        from (${attributionsSeen(services, viewer)}) a join hits h on h.id = a.incident
        left join starts s on s.incident = a.incident)`,
      sql`measured as (select *, case when reason is null then day::date - start::date end as days from paired)`,
      sql`listed as (select incident, day, reason from paired where reason is not null
        order by day desc, claim limit ${listed})`,
    ],
    rows: sql`select basis, count(*)::int as "all", count(days)::int as usable, ${sql.join(counts)},
        percentile_cont(array[0.25, 0.5, 0.75]) within group (order by days) filter (where days is not null) as quartiles,
        case when grouping(basis) = 1 then (select jsonb_agg(listed) from listed) end as listed
      from measured group by grouping sets ((basis), ()) order by grouping(basis) desc, basis`,
    labels: sql`select distinct tlp from paired`,
  })
  return {
    hits,
    delays: rows.map(({ basis, all, usable, quartiles, ...row }) => ({
      ...{ basis, all, usable, quartiles },
      unusable: Object.fromEntries(unusableReasons.map((reason) => [reason, row[reason]])) as Delay['unusable'],
    })),
    unusable: rows[0]?.listed ?? [],
  }
}
