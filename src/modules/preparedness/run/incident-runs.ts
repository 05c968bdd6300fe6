import type { IncidentClock, IncidentRoom, Need, Services, Viewer } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { getIncident, incidentsNamed, type NamedIncident } from '../../incidents/index.ts'
import { plansFor } from '../plan/trigger.ts'
import { readRuns, type Run } from './read-runs.ts'

/** Steps of plans that wait, on Today: mine where I hold the role, else somebody else's of the house. */
export async function planNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents:draft')) return []
  const runs = await readRuns(services, viewer)
  const waiting = runs.filter(({ steps }) => steps.some(isWaiting))
  const incidents = await incidentsNamed(
    services,
    viewer,
    waiting.map(({ incident }) => incident),
  )
  return waiting.flatMap((run) => {
    const incident = incidents.get(run.incident)
    return incident && incident.state !== 'closed' ? needsOf(run, incident, viewer) : []
  })
}

const isWaiting = ({ state, dueAt }: Run['steps'][number]): boolean => state === 'open' && dueAt !== undefined

function needsOf(run: Run, incident: NamedIncident, viewer: Viewer): Need[] {
  const mine = new Set([`person:${viewer.person.id}`, ...viewer.offices.map(({ id }) => `office:${id}`)])
  return run.steps.filter(isWaiting).map(
    ({ step, clock, dueAt, who }): Need => ({
      key: `preparedness:${run.id}-${step.id}`,
      verb: incident.drill ? 'preparedness.need.verb-exercise' : 'preparedness.need.verb',
      form: incident.drill ? 'preparedness.need.form-exercise' : 'preparedness.need.form',
      headline: `${step.title}: ${incident.title}`,
      href: `/incidents/${run.incident}/plans/${run.id}#step-${step.id}`,
      ...(dueAt !== undefined && { dueAt }),
      ...(clock && { clock }),
      ...(run.clockSpace !== undefined && { space: run.clockSpace }),
      waitsFor: mine.has(who) ? 'me' : 'them',
    }),
  )
}

/** Steps that run on an incident, for its page. */
export async function planClocks(services: Services, viewer: Viewer, incident: string): Promise<IncidentClock[]> {
  const runs = await readRuns(services, viewer, { incident })
  return runs.flatMap((run) =>
    run.steps.flatMap(({ clock, state, step }) =>
      clock && state === 'open'
        ? [
            {
              clock,
              now: run.now,
              title: `${run.content.name} · ${step.title}`,
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
          : { key: 'preparedness.room.running', facts: { open, overdue, suggested: suggested.length, names } },
      needs: incident.state === 'closed' ? 0 : overdue + suggested.length,
    },
  ]
}
