import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { attributionsSeen, hitsIn, type IncidentFilter } from '../read/list-own.ts'
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

type Row = Omit<Delay, 'unusable'> & Record<UnusableReason, number>

/** Each attribution with the start of its incident and, where days cannot be counted, the reason. */
const measured = (services: Services, viewer: Viewer, filter: IncidentFilter) => sql`
  with hits as materialized (${hitsIn(services, viewer, filter)}),
    starts as materialized (${startsSeen(services, viewer)}),
    paired as (select a.incident, a.claim, a.basis, a.day, s.day as start,
        case when s.day is null then 'no-start' when not s.is_exact then 'start-inexact'
          when length(a.day) < 10 then 'day-inexact' when a.day < s.day then 'before-start' end as reason
      from (${attributionsSeen(services, viewer)}) a join hits h on h.id = a.incident
      left join starts s on s.incident = a.incident),
    measured as materialized (select *, case when reason is null then day::date - start::date end as days from paired)`

export async function countDelays(services: Services, viewer: Viewer, filter: IncidentFilter): Promise<Delay[]> {
  const counts = unusableReasons.map(
    (reason) => sql`count(*) filter (where reason = ${sql.lit(reason)})::int as ${sql.ref(reason)}`,
  )
  const { rows } = await sql<Row>`${measured(services, viewer, filter)}
    select basis, count(*)::int as "all", count(days)::int as usable, ${sql.join(counts)},
      percentile_cont(array[0.25, 0.5, 0.75]) within group (order by days) filter (where days is not null) as quartiles
    from measured group by grouping sets ((basis), ()) order by basis nulls first`.execute(services.db)
  return rows.map(({ basis, all, usable, quartiles, ...row }) => ({
    ...{ basis, all, usable, quartiles },
    unusable: Object.fromEntries(unusableReasons.map((reason) => [reason, row[reason]])) as Delay['unusable'],
  }))
}

/** Attributions to which no days can be counted, by incident; at most `limit`. */
export async function listUnusable(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
  limit: number,
): Promise<{ incident: string; day: string; reason: UnusableReason }[]> {
  const { rows } = await sql<{ incident: string; day: string; reason: UnusableReason }>`
    ${measured(services, viewer, filter)}
    select incident, day, reason from measured where reason is not null order by day desc, claim limit ${limit}`.execute(
    services.db,
  )
  return rows
}
