import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { newId } from '../../../protocol/index.ts'
import { getOpenIncident, type Incident, lockIncident, publishChange, writeEntry } from '../../incidents/index.ts'
import { getRun, markServices, type PlanService, type Run } from '../../preparedness/index.ts'
import { readPlan } from '../plan/read-plans.ts'
import { mostServices } from '../plan/write-service.ts'
import '../tables.ts'
import { plannedOf } from './planned-of.ts'

export interface TakenFromPlan {
  run: string
  /** Services that the response plan names and that come onto the recovery plan. */
  items: readonly string[]
  /** Why the others do not. */
  why: string
}

/**
 * Makes services that a response plan names the recovery plan of the incident in which it runs. Those left out are
 * departures of that plan, with their reason. What is there already stays, whoever presses again.
 *
 * @throws InvalidInput where some are left out without a reason; Refusal `recovery.planned-name`,
 * `recovery.planned-owner`, `recovery.too-many`
 */
export async function takeFromPlan(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { run: id, items, why }: TakenFromPlan,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const inTx = { ...services, db: tx }
    const run = await getRun(inTx, viewer, incident.id, id)
    const before = await plannedOf(tx, run.id)
    const missing = run.services.filter(({ service }) => !before.has(service.id))
    const taken = missing.filter(({ service }) => items.includes(service.id))
    const left = missing.filter(({ service, state }) => !items.includes(service.id) && state === 'open')
    if (left.length > 0 && why === '') throw InvalidInput.at('why', 'recovery.invalid.why-left')
    if (taken.length + left.length === 0) return
    const chosen = taken.map(({ service }) => service)
    await requireRoom(inTx, viewer, incident, chosen)
    await insert(inTx, viewer, incident, { run, chosen, before })
    await markServices(inTx, viewer, run, [
      ...chosen.map(({ id: service }) => ({ service, state: 'done' as const, words: '' })),
      ...left.map(({ service }) => ({ service: service.id, state: 'otherwise' as const, words: why })),
    ])
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: 'recovery-from-plan',
      words: why,
      facts: { name: run.content.name, count: chosen.length, left: left.length },
    })
  })
  publishChange(services, incident.id)
}

/** Names differ from those that are there, owners are with the house, and the plan has room. */
async function requireRoom(
  services: Services & { db: Tx },
  viewer: Viewer,
  incident: Incident,
  chosen: readonly PlanService[],
): Promise<void> {
  const [plan, people, offices] = await Promise.all([
    readPlan(services, viewer, incident.id),
    services.people.list(),
    services.people.offices(),
  ])
  if (plan.services.length + plan.off.length + chosen.length > mostServices) throw new Refusal('recovery.too-many')
  const same = (name: string) => name.normalize('NFKC').toLowerCase()
  const names = new Set(plan.services.map(({ content }) => same(content.name)))
  const known = new Set([...offices.map(({ id }) => `office:${id}`), ...people.map(({ id }) => `person:${id}`)])
  for (const { name, owner } of chosen) {
    if (names.has(same(name))) throw new Refusal('recovery.planned-name', { name })
    if (!known.has(owner)) throw new Refusal('recovery.planned-owner', { name })
  }
}

/** What a service needs and is left out is not needed here either: that it was left out is on record. */
async function insert(
  services: Services & { db: Tx },
  viewer: Viewer,
  incident: Incident,
  { run, chosen, before }: { run: Run; chosen: readonly PlanService[]; before: ReadonlyMap<string, string> },
): Promise<void> {
  if (chosen.length === 0) return
  const ids = new Map([...before, ...chosen.map(({ id }) => [id, newId()] as const)])
  const rows = chosen.map(({ id: item, needs, ...said }) => {
    const id = ids.get(item) as string
    const content = { ...said, sector: '', enough: 'restored', rpo: null, by: null, isOff: false }
    return {
      ...{ id, service: id, incident: incident.id, tlp: incident.marking, why: '' },
      content: JSON.stringify({ ...content, needs: needs.flatMap((one) => ids.get(one) ?? []) }),
      ...{ by_person: viewer.person.id, at: services.clock.now() },
    }
  })
  await services.db.insertInto('home.recovery_service').values(rows).execute()
  await services.db
    .insertInto('home.recovery_planned')
    .values(chosen.map(({ id: item }) => ({ item, run: run.id, service: ids.get(item) as string })))
    .execute()
}
