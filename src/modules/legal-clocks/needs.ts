import { named } from '../../core/dated-data/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { listIncidents } from '../incidents/index.ts'
import { readMatters } from './matters.ts'

/** Notifications that a law wants and nobody has recorded as sent. */
export async function legalClockNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents:draft')) return []
  const incidents = await listIncidents(services, viewer)
  const titles = new Map(incidents.map(({ id, title }) => [id, title]))
  const matters = await readMatters(services, [...titles.keys()])
  return matters.flatMap((matter) =>
    matter.terms.flatMap(({ clock, state, term }): Need[] =>
      clock && (state === 'running' || state === 'overdue')
        ? [
            {
              key: `legal-clocks:${clock.id}`,
              verb: 'legal-clocks.need.verb',
              form: 'legal-clocks.need.form',
              headline: `${named(term.names, viewer.person.language)}: ${titles.get(matter.incident) ?? ''}`,
              href: `/incidents/${matter.incident}/clocks/${matter.id}/${term.id}`,
              dueAt: clock.dueAt,
              clock,
              waitsFor: 'me',
            },
          ]
        : [],
    ),
  )
}
