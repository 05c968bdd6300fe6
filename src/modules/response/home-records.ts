import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { named } from '../../core/dated-data/index.ts'
import { inSight, incidentsNamed } from '../incidents/index.ts'
import { readCatalogue } from './catalogue.ts'
import './tables.ts'

const mostFound = 300

/** Minuted decisions on options, as a search finds them by what was chosen and why. */
export async function responseRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const decisions = await services.db
    .selectFrom('home.response_decision')
    .select(['id', 'incident', 'decided_by', 'chosen', 'why', 'despite', 'dissent', 'at'])
    .where(inSight(services, viewer))
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(mostFound)
    .execute()
  if (decisions.length === 0) return []
  const incidents = await incidentsNamed(
    services,
    viewer,
    decisions.map(({ incident }) => incident),
  )
  const { measures } = readCatalogue(services)
  return decisions.flatMap((one) => {
    const incident = incidents.get(one.incident)
    if (!incident) return []
    const chosen = measures
      .filter(({ id }) => one.chosen.includes(id))
      .map(({ names }) => named(names, viewer.person.language))
    return [
      {
        href: `/incidents/${one.incident}/options/decisions/${one.id}`,
        form: 'response.decision.title',
        title: incident.title,
        text: { title: incident.title, chosen, said: [one.decided_by, one.why, one.despite, one.dissent] },
        marking: { tlp: incident.marking },
        at: one.at,
      },
    ]
  })
}
