import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed, inSight } from '../incidents/index.ts'
import './tables.ts'

/** Lines to take that somebody else wrote and nobody has cleared. */
export async function briefNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents.brief:release')) return []
  const rows = await services.db
    .selectFrom('home.brief_lines')
    .where(inSight(services, viewer))
    .distinctOn('incident')
    .select(['incident', 'by_person', 'cleared_by'])
    .orderBy('incident')
    .orderBy('at', 'desc')
    .execute()
  const waiting = rows
    .filter((row) => row.cleared_by === null && row.by_person !== viewer.person.id)
    .map((row) => row.incident)
  const incidents = await incidentsNamed(services, viewer, waiting)
  return [...incidents]
    .filter(([, { state }]) => state !== 'closed')
    .map(
      ([id, { title }]): Need => ({
        key: `brief:${id}`,
        verb: 'brief.clear',
        form: 'brief.action',
        headline: title,
        href: `/incidents/${id}/brief`,
        waitsFor: 'me',
      }),
    )
}
