import { named } from '../../core/dated-data/index.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed } from '../incidents/index.ts'
import { openMatters } from './matters.ts'

/** Notifications that a law wants and nobody has recorded as sent. */
export async function legalClockNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents:draft')) return []
  const matters = await openMatters(services, viewer)
  const incidents = await incidentsNamed(
    services,
    viewer,
    matters.map(({ incident }) => incident),
  )
  return matters.flatMap((matter) => {
    const exercise = incidents.get(matter.incident)?.drill ? '-exercise' : ''
    return matter.terms.flatMap(({ clock, state, term }): Need[] =>
      clock && (state === 'running' || state === 'overdue')
        ? [
            {
              key: `legal-clocks:${clock.id}`,
              verb: `legal-clocks.need.verb${exercise}`,
              form: `legal-clocks.need.form${exercise}`,
              headline: `${named(term.names, viewer.person.language)}: ${incidents.get(matter.incident)?.title ?? ''}`,
              href: `/incidents/${matter.incident}/clocks/${matter.id}/${term.id}`,
              dueAt: clock.dueAt,
              clock,
              ...(matter.trigger.clockSpace !== undefined && { space: matter.trigger.clockSpace }),
              waitsFor: 'me',
            },
          ]
        : [],
    )
  })
}
