import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed, inSight } from '../incidents/index.ts'
import './tables.ts'

const mostFound = 300

/** The newest lines to take of each incident this person may see, as a search finds them; two queries. */
export async function briefRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const rows = await services.db
    .selectFrom('home.brief_lines')
    .select(['incident', 'lines', 'at'])
    .distinctOn('incident')
    .where(inSight(services, viewer))
    .orderBy('incident')
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute()
  const newest = rows.toSorted((a, b) => b.at - a.at).slice(0, mostFound)
  const incidentOf = await incidentsNamed(
    services,
    viewer,
    newest.map(({ incident }) => incident),
  )
  return newest.flatMap(({ incident, lines, at }) => {
    const of = incidentOf.get(incident)
    if (!of) return []
    const text = { title: of.title, lines }
    return [
      {
        href: `/incidents/${incident}/brief`,
        form: 'brief.lines',
        title: of.title,
        text,
        marking: { tlp: of.marking },
        at,
      },
    ]
  })
}
