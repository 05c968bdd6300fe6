import { type RawBuilder, sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { IncidentFilter } from '../read/list-own.ts'
import { countOver, type Hits } from './count-over.ts'

export interface CountedResponses {
  /** Incidents with a decision on the response, and without. */
  decided: number
  undecided: number
  /** Decisions that took options, and that took none. */
  taken: number
  none: number
  /** Decisions in which an option was taken. */
  options: { option: string; n: number }[]
  /** Days from the opening here to the first decision. */
  usable: number
  /** Decisions dated before the day on which the incident was opened here. */
  before: number
  quartiles: [number, number, number] | null
}

function decisionsKept(services: Services, viewer: Viewer): RawBuilder<unknown> {
  const rooms = services.modules.flatMap(({ pictured }) => pictured?.decisions?.(services, viewer) ?? [])
  const none = sql`select null::text as incident, null::text as decided_on, '{}'::text[] as chosen where false`
  return sql.join([none, ...rooms], sql` union all `)
}

/** What was decided on incidents, and how long after they were opened here. */
export async function countResponses(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
): Promise<{ hits: Hits; responses: CountedResponses }> {
  const { hits, rows } = await countOver<Omit<CountedResponses, 'undecided'>>(services, viewer, filter, {
    columns: ['opened_at'],
    beside: [
      sql`decided as materialized (select d.incident, d.decided_on, d.chosen, h.opened_at
        from (${decisionsKept(services, viewer)}) d join hits h on h.id = d.incident)`,
      sql`firsts as materialized (select incident, min(decided_on)::date
          - (to_timestamp(min(opened_at) / 1000.0) at time zone 'UTC')::date as days
        from decided group by incident)`,
    ],
    rows: sql`select (select count(*) from firsts)::int as decided,
      (select count(*) from decided where chosen <> '{}')::int as taken,
      (select count(*) from decided where chosen = '{}')::int as none,
      coalesce((select jsonb_agg(jsonb_build_object('option', option, 'n', n) order by n desc, option)
        from (select option, count(*) as n from decided cross join unnest(chosen) option group by option) o),
        '[]') as options,
      (select count(*) from firsts where days >= 0)::int as usable,
      (select count(*) from firsts where days < 0)::int as before,
      (select percentile_cont(array[0.25, 0.5, 0.75]) within group (order by days) from firsts where days >= 0) as quartiles`,
  })
  const [one] = rows
  if (!one) throw new TypeError('a question without groups has one row')
  return { hits, responses: { ...one, undecided: hits.n - one.decided } }
}
