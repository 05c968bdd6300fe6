import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getOpenIncident, lockIncident, publishChange, writeEntry } from '../../incidents/index.ts'
import { noteDeparture } from '../from-plan/note-departure.ts'
import type { ServiceContent } from '../tables.ts'
import '../tables.ts'
import { momentFault } from './moment.ts'
import { circleFrom } from './outlook.ts'
import { readPlan, type RecoveryPlan, type Service, serviceIn } from './read-plans.ts'
import { isBeforeOutage } from './targets.ts'

export const mostServices = 300

export interface NewService extends Omit<ServiceContent, 'isOff'> {
  id: string
  tlp: Tlp
  /** Service that this entry changes. */
  changes?: string
  /** Entry that the person read before they changed it. */
  seen?: number
  why: string
}

/**
 * Puts a service on the plan, or changes what the plan says of it; what it said before stays in its history.
 *
 * @throws InvalidInput at the field concerned; Refusal `recovery.changed-meanwhile`
 */
export async function writeService(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, tlp, changes, seen, why, ...content }: NewService,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  if (tlpRank(tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('tlp', 'recovery.invalid.tlp')
  if (tlpRank(tlp) < tlpRank(incident.marking)) throw InvalidInput.at('tlp', 'recovery.invalid.tlp-wide')
  if (changes !== undefined && why === '') throw InvalidInput.at('why', 'recovery.invalid.why')
  await requireOwner(services, content.owner)
  requireLengths(content)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const written = await tx.selectFrom('home.recovery_service').select('id').where('id', '=', id).executeTakeFirst()
    if (written) return
    const plan = await readPlan({ ...services, db: tx }, viewer, incident.id)
    const before = changes === undefined ? undefined : serviceIn(plan, changes)
    if (before && before.at !== seen) throw new Refusal('recovery.changed-meanwhile')
    if (!before && plan.services.length + plan.off.length >= mostServices) throw new Refusal('recovery.too-many')
    const kept = keepHidden(plan, before, content)
    requirePlace(plan, { service: before?.id ?? id, content: kept, before })
    await tx
      .insertInto('home.recovery_service')
      .values({
        ...{ id, service: before?.id ?? id, incident: incident.id, tlp, why },
        content: JSON.stringify({ ...kept, isOff: false }),
        ...{ by_person: viewer.person.id, at: services.clock.now() },
      })
      .execute()
    if (before) {
      const now = { service: before.id, content: { ...kept, isOff: false }, tlp, why }
      await noteDeparture({ ...services, db: tx }, viewer, incident, now)
    }
    const kind = before ? 'recovery-changed' : 'recovery-planned'
    await writeEntry(services, viewer, tx, { incident: incident.id, kind })
  })
  publishChange(services, incident.id)
}

/** A person who cannot see all that a service needs does not take away what they cannot see. */
function keepHidden<C extends { needs: string[] }>(plan: RecoveryPlan, before: Service | undefined, content: C): C {
  const seen = new Set([...plan.services, ...plan.off].map(({ id }) => id))
  const hidden = before?.content.needs.filter((id) => !seen.has(id)) ?? []
  return { ...content, needs: [...new Set([...content.needs.filter((id) => !hidden.includes(id)), ...hidden])] }
}

/** @throws InvalidInput where nobody of this house is called so */
export async function requireOwner({ people }: Services, owner: string): Promise<void> {
  const [kind, id] = [owner.slice(0, owner.indexOf(':')), owner.slice(owner.indexOf(':') + 1)]
  const known = kind === 'person' ? await people.list() : await people.offices()
  if (!known.some((one) => one.id === id)) throw InvalidInput.at('owner', 'recovery.invalid.owner')
}

function requireLengths({ rto, mtpd, by }: Omit<ServiceContent, 'isOff'>): void {
  if (rto !== null && mtpd !== null && rto > mtpd) throw InvalidInput.at('rto', 'recovery.invalid.rto')
  const fault = by && momentFault(by)
  if (fault)
    throw new Refusal(`incidents.particular-${fault.code}`, { field: fault.field === 'zone' ? 'byZone' : 'by' })
}

/** Names differ, what is needed is there, nothing comes to need itself, and the day agreed is no earlier than the outage. */
function requirePlace(
  plan: RecoveryPlan,
  {
    service,
    content,
    before,
  }: { service: string; content: Omit<ServiceContent, 'isOff'>; before: Service | undefined },
): void {
  const same = (name: string) => name.normalize('NFKC').toLowerCase()
  const others = plan.services.filter(({ id }) => id !== service)
  if (others.some((one) => same(one.content.name) === same(content.name)))
    throw InvalidInput.at('name', 'recovery.invalid.name')
  const known = new Set([...others.map(({ id }) => id), ...(before?.content.needs ?? [])])
  if (content.needs.includes(service)) throw InvalidInput.at('needs', 'recovery.invalid.itself')
  if (content.needs.some((id) => !known.has(id))) throw InvalidInput.at('needs', 'recovery.invalid.needs')
  const circle = circleFrom(plan.wires, { service, needs: content.needs })
  if (circle) {
    const names = new Map([...others.map((one) => [one.id, one.content.name] as const), [service, content.name]])
    // A service that is hidden from this person stands in the way without its name.
    const way = circle.map((id) => `“${names.get(id) ?? '…'}”`).join(' → ')
    throw InvalidInput.at('needs', 'recovery.invalid.circle', { way })
  }
  if (isBeforeOutage(content, before?.course)) throw InvalidInput.at('by', 'recovery.invalid.by')
}

/**
 * Takes a service off the plan, with the reason; its history stays.
 *
 * @throws Refusal `recovery.still-needed` naming what needs it
 */
export async function takeOff(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, service: named, seen, why }: { id: string; service: string; seen: number; why: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident.id)
    const plan = await readPlan({ ...services, db: tx }, viewer, incident.id)
    const service = serviceIn(plan, named)
    if (service.content.isOff) return
    if (service.at !== seen) throw new Refusal('recovery.changed-meanwhile')
    requireUnneeded(viewer, plan, named)
    await tx
      .insertInto('home.recovery_service')
      .values({
        ...{ id, service: named, incident: incident.id, tlp: service.tlp, why },
        content: JSON.stringify({ ...service.content, isOff: true }),
        ...{ by_person: viewer.person.id, at: services.clock.now() },
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
    const gone = { service: named, content: { ...service.content, isOff: true }, tlp: service.tlp, why }
    await noteDeparture({ ...services, db: tx }, viewer, incident, gone)
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'recovery-off' })
  })
  publishChange(services, incident.id)
}

function requireUnneeded({ person }: Viewer, { services, wires }: RecoveryPlan, service: string): void {
  if (![...wires.values()].some((needs) => needs.includes(service))) return
  const names = services
    .filter(({ content }) => content.needs.includes(service))
    .map(({ content }) => `“${content.name}”`)
  if (names.length === 0) throw new Refusal('recovery.still-needed-hidden')
  throw new Refusal('recovery.still-needed', { names: formatList(names, person.language) })
}
