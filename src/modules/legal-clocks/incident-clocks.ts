import { named } from '../../core/dated-data/index.ts'
import type { IncidentClock, Services, Viewer } from '../../core/module/types.ts'
import { readMatters } from './matters.ts'

/** Terms of law that run on an incident, for its page. */
export async function incidentClocks(services: Services, viewer: Viewer, incident: string): Promise<IncidentClock[]> {
  const matters = await readMatters(services, incident)
  return matters.flatMap((matter) =>
    matter.terms.flatMap(({ clock, state, term }) =>
      clock && (state === 'running' || state === 'overdue')
        ? [
            {
              clock,
              now: matter.now,
              title: [matter.regime?.names, term.names]
                .map((one) => one && named(one, viewer.person.language))
                .join(' · '),
              href: `/incidents/${incident}/clocks/${matter.id}/${term.id}`,
            },
          ]
        : [],
    ),
  )
}
