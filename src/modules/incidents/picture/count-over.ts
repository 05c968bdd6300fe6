import { type RawBuilder, sql } from 'kysely'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { attributionsSeen, hitsIn, type HitColumn, type IncidentFilter } from '../read/list-own.ts'
import '../tables.ts'

/** How many incidents a picture counts, how many of them are drills, and every label of what it counts. */
export interface Hits {
  n: number
  drills: number
  labels: Tlp[]
}

interface Question {
  /** What of the incidents the question reads. */
  columns?: readonly HitColumn[]
  /** Relations beside `hits`, each `name as (…)`. */
  beside?: readonly RawBuilder<unknown>[]
  /** Answers with the rows of the picture. */
  rows: RawBuilder<unknown>
  /** A query of one column of labels: what else the rows tell of. */
  labels?: RawBuilder<unknown>
}

/**
 * Puts one question to the incidents in sight that meet a filter (`hits`). Rows, whole and labels come from one
 * statement, so a picture is never marked by what stood before or after what it counts.
 */
export async function countOver<Row>(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
  { columns = [], beside = [], rows, labels }: Question,
): Promise<{ hits: Hits; rows: Row[] }> {
  // Who narrows a picture to somebody accused reads from it that an attribution says so.
  const told = [labels, filter.accused ? saying(services, viewer) : undefined].filter((one) => one !== undefined)
  const wanted = [...new Set<HitColumn>(['marking', 'drill', ...columns])]
  const question = sql<{ hits: { tlp: Tlp; n: number; drills: number }[]; rows: Row[]; labels: Tlp[] }>`
    with hits as materialized (${hitsIn(services, viewer, filter, wanted)}),
      ${sql.join([...beside, sql`counted as (${rows})`])}
    select (select coalesce(jsonb_agg(marked), '[]') from (select marking as tlp, count(*)::int as n,
        count(*) filter (where drill)::int as drills from hits group by marking) marked) as hits,
      (select coalesce(jsonb_agg(counted), '[]') from counted) as rows,
      array(${sql.join([sql`select null::text where false`, ...told], sql` union `)}) as labels`
  const { rows: found } = await services.db.transaction().execute(async (tx) => {
    // All incidents of a house are put in order in memory, also where a server of the house has little for others.
    await sql`set local work_mem = '32MB'`.execute(tx)
    return question.execute(tx)
  })
  const [one] = found
  const marked = one?.hits ?? []
  return {
    hits: {
      n: marked.reduce((sum, { n }) => sum + n, 0),
      drills: marked.reduce((sum, { drills }) => sum + drills, 0),
      labels: [...new Set([...marked.map(({ tlp }) => tlp), ...(one?.labels ?? [])])].toSorted(
        (a, b) => tlpRank(a) - tlpRank(b),
      ),
    },
    rows: one?.rows ?? [],
  }
}

const saying = (services: Services, viewer: Viewer): RawBuilder<unknown> =>
  sql`select distinct a.tlp from (${attributionsSeen(services, viewer)}) a join hits h on h.id = a.incident
    where a.accused <> ''`
