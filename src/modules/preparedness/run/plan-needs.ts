import type { Need, Services, Viewer } from '../../../core/module/types.ts'
import { incidentsNamed, type NamedIncident } from '../../incidents/index.ts'
import { type AssignedRole, readRuns, type Run, type StepStanding } from './read-runs.ts'
import { isTaken, loadHolders } from './taken.ts'
import { holdersOf } from './waits-for.ts'

/** A step stands on Today from a day before it is due, on the clock of its run. */
const aheadMs = 24 * 3_600_000

/**
 * What running plans ask of a person on Today. Who holds a role, by the plan, as deputy or assigned: its steps that are
 * due or soon will be, and the role itself while nobody took it. Who leads the incident: what is overdue, and roles that
 * nobody took; what is only due soon they wait for.
 */
export async function planNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents:read')) return []
  const runs = await readRuns(services, viewer, { waiting: true })
  if (runs.length === 0) return []
  const [incidents, holders] = await Promise.all([
    incidentsNamed(
      services,
      viewer,
      runs.map(({ incident }) => incident),
    ),
    loadHolders(services),
  ])
  const mine = new Set(holdersOf(viewer))
  return runs.flatMap((run) => {
    const incident = incidents.get(run.incident)
    if (!incident) return []
    const isLead = incident.lead === viewer.person.id
    return run.roles.flatMap((role) => {
      const held = [role.assigned?.who ?? role.who, role.deputy].some((who) => mine.has(who))
      if (!held && !isLead) return []
      const open = run.steps.filter(({ step, state }) => state === 'open' && step.role === role.id)
      const due = open.filter(({ dueAt }) => dueAt !== undefined && dueAt <= run.now + aheadMs)
      const taken = open.length === 0 || isTaken(role, holders)
      return [
        ...(taken ? [] : [roleNeed(run, incident, { role, open })]),
        ...due.map((standing) => stepNeed(run, incident, { standing, isHeld: held })),
      ]
    })
  })
}

/** What every line of a run says, marked where it is an exercise, or where nobody approved what it follows. */
function common(run: Run, { drill }: NamedIncident): Pick<Need, 'form' | 'space'> {
  const form = [drill ? 'form-exercise' : 'form', ...(run.version === undefined ? ['unapproved'] : [])].join('-')
  return { form: `preparedness.need.${form}`, ...(run.clockSpace !== undefined && { space: run.clockSpace }) }
}

const verb = (name: string, { drill }: NamedIncident): string =>
  `preparedness.need.${drill ? `${name}-exercise` : name}`

function stepNeed(
  run: Run,
  incident: NamedIncident,
  { standing: { step, clock, clockState, dueAt }, isHeld }: { standing: StepStanding; isHeld: boolean },
): Need {
  const isLate = clockState === 'overdue'
  return {
    ...common(run, incident),
    key: `preparedness:${run.id}-${step.id}`,
    verb: verb(isHeld || !isLate ? 'verb' : 'chase', incident),
    headline: `${step.title}: ${incident.title}`,
    href: `/incidents/${run.incident}/plans/${run.id}#step-${step.id}`,
    ...(dueAt !== undefined && { dueAt }),
    ...(clock && { clock }),
    waitsFor: isHeld || isLate ? 'me' : 'them',
  }
}

function roleNeed(
  run: Run,
  incident: NamedIncident,
  { role, open }: { role: AssignedRole; open: readonly StepStanding[] },
): Need {
  const first = open.flatMap(({ dueAt }) => dueAt ?? []).toSorted((a, b) => a - b)[0]
  return {
    ...common(run, incident),
    key: `preparedness.role:${run.id}-${role.id}`,
    verb: verb('take', incident),
    headline: `${role.title}: ${incident.title}`,
    href: `/incidents/${run.incident}/plans/${run.id}#roles`,
    ...(first !== undefined && { dueAt: first }),
    waitsFor: 'me',
  }
}
