import type { Visit } from '../../core/module/types.ts'
import { getIncident, idOf, type Incident } from '../incidents/index.ts'
import { readPlan, type RecoveryPlan } from './plan/read-plans.ts'

/** Everything that the pages on the recovery of an incident show. */
export interface Loaded {
  incident: Incident
  plan: RecoveryPlan
  /** People and offices of our house who can own a service. */
  holders: { value: string; label: string }[]
  /** What `person:<id>` or `office:<id>` is called; undefined where they left the house. */
  holder(who: string): string | undefined
  person(id: string): string
}

/** @throws Refusal `incidents.not-found` */
export async function loadPage(visit: Visit): Promise<Loaded> {
  const { services, viewer, language } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const [plan, people, offices] = await Promise.all([
    readPlan(services, viewer, incident.id),
    services.people.list(),
    services.people.offices(),
  ])
  const holders = [
    ...offices.map(({ id, name }) => ({ value: `office:${id}`, label: name[language] ?? name.en ?? id })),
    ...people.map(({ id, name }) => ({ value: `person:${id}`, label: name })),
  ]
  const labels = new Map(holders.map(({ value, label }) => [value, label]))
  return {
    incident,
    plan,
    holders,
    holder: (who) => labels.get(who),
    person: (id) => labels.get(`person:${id}`) ?? id,
  }
}
