import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { IncidentFilter } from '../read/list-own.ts'
import { countOver, type Hits } from './count-over.ts'
import { startsSeen } from './started.ts'
import '../tables.ts'

export const units = ['week', 'month', 'year'] as const
export type Unit = (typeof units)[number]
export const countedBy = ['report', 'start'] as const
export type CountedBy = (typeof countedBy)[number]

/** Incidents of one stretch of time that stand at one level. */
export interface TimeCount {
  /** First day of the stretch; null where no start is known. */
  from: string | null
  /** Of the scheme asked about, as answered last; null where it was not wholly answered. */
  level: string | null
  n: number
}

/** Incidents by week, month or year (UTC) of their report or start, and by severity under a scheme. */
export async function countTimes(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
  { unit, by, scheme }: { unit: Unit; by: CountedBy; scheme: string },
): Promise<{ hits: Hits; times: TimeCount[] }> {
  const starts = by === 'start' ? [sql`starts as materialized (${startsSeen(services, viewer)})`] : []
  // Days since 1970 in UTC: whole numbers are put together faster than dates.
  const dated =
    by === 'report'
      ? sql`select date '1970-01-01' + (h.opened_at / 86400000)::int as day, g.level from hits h`
      : sql`select s.day::date as day, g.level from hits h left join starts s on s.incident = h.id`
  const { hits, rows } = await countOver<TimeCount>(services, viewer, filter, {
    columns: by === 'report' ? ['opened_at'] : [],
    beside: [
      ...starts,
      sql`newest as materialized (select s.* from (select distinct on (s.incident) s.incident, s.level
          from home.incidents_severity s where s.scheme = ${scheme} order by s.incident, s.ordinal desc
        ) s join hits h on h.id = s.incident)`,
      sql`by_day as materialized (select day, level, count(*)::int as n
        from (${dated} left join newest g on g.incident = h.id) dated group by 1, 2)`,
    ],
    // Days are few: they are put into stretches after counting.
    rows: sql`select to_char(date_trunc(${sql.lit(unit)}, day::timestamp), 'YYYY-MM-DD') as "from", level, sum(n)::int as n
      from by_day group by 1, 2 order by 1, 2`,
  })
  return { hits, times: rows }
}
