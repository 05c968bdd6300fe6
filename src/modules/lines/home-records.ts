import { sql } from 'kysely'
import { atHome, mark, reveal, tlpRank } from '../../core/markings/index.ts'
import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import { type Tlp, tlpLabels } from '../../protocol/types.ts'
import { incidentsNamed, inSight } from '../incidents/index.ts'
import './tables.ts'

const mostFound = 300

interface Found {
  id: string
  incident: string
  marking: Tlp
  at: number
  /** Question and words in each language, the original first. */
  said: string[]
}

/** Lines to take of incidents this person may see, as a search finds them: all that stands, in every language. */
export async function lineRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const found = await findNewest(services, viewer)
  const reader = atHome(services, viewer)
  const lines = found.flatMap((one) => {
    const revealed = reveal(mark(one, { tlp: one.marking }), reader, 'page')
    return revealed.shown ? [revealed.value] : []
  })
  const named = await incidentsNamed(
    services,
    viewer,
    lines.map(({ incident }) => incident),
  )
  return lines.flatMap(({ id, incident, marking, at, said }) => {
    const title = named.get(incident)?.title
    if (title === undefined) return []
    const href = `/incidents/${incident}/lines/${id}`
    return [{ href, form: 'lines.title', title, text: { title, said }, marking: { tlp: marking }, at }]
  })
}

/** The lines written last that stand; one query, of which the gate is asked afterwards. */
async function findNewest(services: Services, viewer: Viewer): Promise<Found[]> {
  const labels = tlpLabels.filter((label) => tlpRank(label) <= tlpRank(viewer.ceiling))
  const { rows } = await sql<Found>`
    with newest as (
      select l.id, l.incident, o.marking, o.at, o.ordinal
      from home.lines_line l
      cross join lateral (select w.marking, w.at, w.ordinal from home.lines_wording w
        where w.line = l.id and w.renders is null order by w.ordinal desc limit 1) o
      where l.withdrawn_at is null and ${inSight(services, viewer, 'l.incident')}
        and o.marking = any(${texts(labels)})
      order by o.at desc, l.id limit ${mostFound})
    select n.id, n.incident, n.marking, max(said.at) as at,
      array_agg(said.question || ' ' || said.words order by said.renders is not null, said.language) as said
    from newest n
    cross join lateral (select distinct on (w.language) w.* from home.lines_wording w
      where w.line = n.id and (w.renders is not null or w.ordinal = n.ordinal) order by w.language, w.ordinal desc) said
    group by n.id, n.incident, n.marking, n.at
    order by n.at desc, n.id`.execute(services.db)
  return rows.map((row) => ({ ...row, at: Number(row.at) }))
}
