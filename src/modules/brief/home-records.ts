import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { listIncidents } from '../incidents/index.ts'
import './tables.ts'

/** The newest lines to take of each incident this person may see, as a search finds them; two queries. */
export async function briefRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const incidents = await listIncidents(services, viewer)
  if (incidents.length === 0) return []
  const rows = await services.db
    .selectFrom('home.brief_lines')
    .select(['incident', 'lines', 'at'])
    .distinctOn('incident')
    .where(
      'incident',
      'in',
      incidents.map(({ id }) => id),
    )
    .orderBy('incident')
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute()
  const incidentOf = new Map(incidents.map((one) => [one.id, one]))
  return rows.flatMap(({ incident, lines, at }) => {
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
