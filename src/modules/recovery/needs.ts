import type { Clock } from '../../core/clocks/types.ts'
import type { IncidentClock, Need, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed, type NamedIncident } from '../incidents/index.ts'
import { lessonNeeds } from './lessons/lesson-needs.ts'
import { readPlan, readPlans, type RecoveryPlan, type Service } from './plan/read-plans.ts'

/** A target or a lesson stands on Today from a day before it runs out. */
const aheadMs = 24 * 3_600_000

/** Targets that ran out or soon will, words on when a service is back that have passed, lessons due: the owner's, else the house's. */
export async function recoveryNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents:draft')) return []
  const plans = await readPlans(services, viewer, { mayRunOut: true })
  const incidents = await incidentsNamed(
    services,
    viewer,
    plans.map(({ incident }) => incident),
  )
  const due = plans.flatMap((plan) => {
    const incident = incidents.get(plan.incident)
    if (!incident || incident.state === 'closed') return []
    return plan.services.flatMap((one) => needOf(services, viewer, { plan, service: one, incident }))
  })
  return [...due, ...(await lessonNeeds(services, viewer, aheadMs))]
}

function needOf(
  services: Services,
  viewer: Viewer,
  { plan, service, incident }: { plan: RecoveryPlan; service: Service; incident: NamedIncident },
): Need[] {
  const [clock] = clocksOf(services, plan, service)
  const isDue = clock !== undefined && clock.dueAt <= plan.now + aheadMs
  const hasPassed = service.forecast?.isPassed === true
  if (!isDue && !hasPassed) return []
  const mine = new Set([`person:${viewer.person.id}`, ...viewer.offices.map(({ id }) => `office:${id}`)])
  return [
    {
      key: `recovery:${service.id}`,
      verb: isDue ? 'recovery.need.restore' : 'recovery.need.ask',
      form: incident.drill ? 'recovery.need.form-exercise' : 'recovery.need.form',
      headline: `${service.content.name}: ${incident.title}`,
      href: `/incidents/${service.incident}/recovery/services/${service.id}`,
      ...(isDue && { clock, dueAt: clock.dueAt }),
      ...(plan.clockSpace !== undefined && { space: plan.clockSpace }),
      waitsFor: mine.has(service.content.owner) ? 'me' : 'them',
    },
  ]
}

/** Targets that run on a service, the next one first. */
function clocksOf({ party }: Services, plan: RecoveryPlan, { id, targets, course }: Service): Clock[] {
  return targets
    .filter(({ state }) => state === 'running' || state === 'overdue')
    .toSorted((a, b) => a.dueAt - b.dueAt)
    .map(({ kind, dueAt }) => ({
      id: `${id}-${kind}`,
      space: plan.clockSpace ?? '',
      regime: kind === 'mtpd' ? 'recovery-tolerable' : 'recovery-target',
      source: 'house',
      duty: party,
      ...{ startedBy: id, about: id },
      startsAt: course?.began.at.from ?? course?.began.at.until ?? dueAt,
      dueAt,
    }))
}

/** Targets that run on an incident, for its page. */
export async function recoveryClocks(services: Services, viewer: Viewer, incident: string): Promise<IncidentClock[]> {
  const plan = await readPlan(services, viewer, incident)
  return plan.services.flatMap((one) =>
    clocksOf(services, plan, one)
      .slice(0, 1)
      .map((clock) => ({
        clock,
        now: plan.now,
        title: one.content.name,
        href: `/incidents/${incident}/recovery/services/${one.id}`,
      })),
  )
}
