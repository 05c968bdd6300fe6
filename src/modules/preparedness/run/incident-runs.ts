import type { IncidentClock, IncidentRoom, Services, Viewer } from '../../../core/module/types.ts'
import { createTranslator, formatList } from '../../../text/index.ts'
import { getIncident } from '../../incidents/index.ts'
import { plansFor } from '../plan/trigger.ts'
import { readRuns } from './read-runs.ts'

/** Steps that run on an incident, for its page. */
export async function planClocks(services: Services, viewer: Viewer, incident: string): Promise<IncidentClock[]> {
  const runs = await readRuns(services, viewer, { incident })
  const unapproved = createTranslator(viewer.person.language)('preparedness.unapproved')
  return runs.flatMap((run) =>
    run.steps.flatMap(({ clock, state, step }) =>
      clock && state === 'open'
        ? [
            {
              clock,
              now: run.now,
              title: [run.content.name, ...(run.version === undefined ? [unapproved] : []), step.title].join(' · '),
              href: `/incidents/${incident}/plans/${run.id}#step-${step.id}`,
            },
          ]
        : [],
    ),
  )
}

/** The plans of an incident: what runs, else what its severity suggests. */
export async function planRooms(services: Services, viewer: Viewer, id: string): Promise<IncidentRoom[]> {
  const incident = await getIncident(services, viewer, id)
  const [runs, plans] = await Promise.all([
    readRuns(services, viewer, { incident: id }),
    plansFor(services, viewer, incident),
  ])
  const running = new Set(runs.map(({ plan }) => plan.id))
  const suggested = plans.suggested.filter((plan) => !running.has(plan.id))
  const steps = runs.flatMap((run) => run.steps)
  const open = steps.filter(({ state }) => state === 'open').length
  const overdue = steps.filter(({ clockState }) => clockState === 'overdue').length
  const unapproved = runs.filter(({ version }) => version === undefined).length
  const names = formatList(
    suggested.map(({ inForce }) => inForce?.content.name ?? ''),
    viewer.person.language,
  )
  return [
    {
      place: 'plan',
      href: `/incidents/${id}/plans`,
      label: 'preparedness.room.label',
      permission: 'incidents:read',
      state:
        runs.length === 0
          ? { key: 'preparedness.room.none', facts: { suggested: suggested.length, names } }
          : {
              key: 'preparedness.room.running',
              facts: { open, overdue, unapproved, suggested: suggested.length, names },
            },
      needs: incident.state === 'closed' ? 0 : overdue + suggested.length,
    },
  ]
}
