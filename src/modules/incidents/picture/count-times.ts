import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { hitsIn, type IncidentFilter } from '../read/list-own.ts'
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
): Promise<TimeCount[]> {
  const starts = by === 'start' ? sql`, starts as materialized (${startsSeen(services, viewer)})` : sql``
  const dated =
    by === 'report'
      ? sql`select id, date_trunc(${sql.lit(unit)}, to_timestamp(opened_at / 1000.0) at time zone 'UTC') as at from hits`
      : sql`select h.id, date_trunc(${sql.lit(unit)}, s.day::timestamp) as at from hits h
          left join starts s on s.incident = h.id`
  const { rows } = await sql<TimeCount>`
    with hits as materialized (${hitsIn(services, viewer, filter)}) ${starts},
      newest as (select max(s.ordinal) as ordinal from home.incidents_severity s join hits h on h.id = s.incident
        where s.scheme = ${scheme} group by s.incident),
      graded as (select s.incident, s.level from home.incidents_severity s join hits h on h.id = s.incident
        join newest using (ordinal)
        where s.level is not null)
    select to_char(d.at, 'YYYY-MM-DD') as "from", g.level, count(*)::int as n
    from (${dated}) d left join graded g on g.incident = d.id
    group by d.at, g.level order by d.at, g.level`.execute(services.db)
  return rows
}
