import type { HomeRecord, Services, Viewer } from '../../core/module/types.ts'
import { inSight, incidentsNamed } from '../incidents/index.ts'
import './tables.ts'

const mostFound = 300

/** Who became aware of what, and what was sent to which authority, as a search finds it. */
export async function legalClockRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const triggers = await services.db
    .selectFrom('home.legal_clocks_trigger')
    .select(['matter', 'incident', 'entity', 'authority', 'who', 'what', 'at'])
    .where(inSight(services, viewer))
    .orderBy('at', 'desc')
    .orderBy('ordinal', 'desc')
    .limit(mostFound)
    .execute()
  if (triggers.length === 0) return []
  const matters = [...new Set(triggers.map(({ matter }) => matter))]
  const [sendings, incidents] = await Promise.all([
    services.db
      .selectFrom('home.legal_clocks_sent')
      .select(['matter', 'year', 'number', 'sent_to', 'their_reference'])
      .where('matter', 'in', matters)
      .execute(),
    incidentsNamed(
      services,
      viewer,
      triggers.map(({ incident }) => incident),
    ),
  ])
  const sent = Map.groupBy(sendings, ({ matter }) => matter)
  return [...Map.groupBy(triggers, ({ matter }) => matter)].flatMap(([matter, said]) => {
    const newest = said[0]
    const incident = newest && incidents.get(newest.incident)
    if (!newest || !incident) return []
    return [
      {
        href: `/incidents/${newest.incident}/clocks`,
        form: 'legal-clocks.title',
        title: incident.title,
        text: {
          title: incident.title,
          said: said.map(({ entity, authority, who, what }) => [entity, authority, who, what]),
          sent: (sent.get(matter) ?? []).map((one) => [
            `LN ${one.year}/${one.number}`,
            one.sent_to,
            one.their_reference,
          ]),
        },
        marking: { tlp: incident.marking },
        at: newest.at,
      },
    ]
  })
}
