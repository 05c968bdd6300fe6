import { InvalidInput } from '../../../core/http/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import {
  faultOf,
  getOpenIncident,
  lockIncident,
  publishChange,
  stretchOf,
  type When,
  writeEntry,
} from '../../incidents/index.ts'
import type { Moment, ReportContent } from '../tables.ts'
import '../tables.ts'
import { isBack } from '../vocabulary.ts'
import { faultIn, inOrder } from './course.ts'
import { momentFault, momentOf } from './moment.ts'
import { readPlan, type RecoveryPlan, type Report, type Service, serviceIn, turnOf } from './read-plans.ts'

/** Watches of two houses differ by this much. */
const aheadMs = 60_000

type Told = Exclude<ReportContent, { kind: 'struck' }>

/**
 * Notes how a service stands since when, or when it is expected, as somebody said it.
 *
 * @throws Refusal at the field concerned: an impossible or coming time, a return before the outage, a proof of what was
 *   not restored
 */
export async function tell(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, service: named, content, tlp }: { id: string; service: string; content: Told; tlp: Tlp },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  if (tlpRank(tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('tlp', 'recovery.invalid.tlp')
  await write(services, viewer, incident.id, { id, service: named }, (plan, service) => {
    if (service.content.isOff) throw new Refusal('recovery.off')
    if (tlpRank(tlp) < tlpRank(service.tlp)) throw InvalidInput.at('tlp', 'recovery.invalid.tlp-service')
    if (content.kind === 'state') requireState(plan, service, { id, content })
    else requireForecast(plan, service, content)
    return { content, tlp, kind: content.kind === 'state' ? `recovery-${content.state}` : 'recovery-forecast' }
  })
}

/** Strikes what was told in error; it stays readable, struck through, with the reason. */
export async function strike(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, service: named, report, why }: { id: string; service: string; report: string; why: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await write(services, viewer, incident.id, { id, service: named }, (_plan, service) => {
    const found = service.reports.find((one) => one.id === report)
    if (!found) throw new Refusal('recovery.report-not-found')
    if (found.struck) return undefined
    const left = service.reports.filter((one) => !one.struck && one.id !== report)
    const fault = faultIn(inOrder(left.flatMap(turnOf)))
    if (fault) throw new Refusal(`recovery.struck-${fault}`)
    return { content: { kind: 'struck', report, why }, tlp: found.tlp, kind: 'recovery-struck' }
  })
}

async function write(
  services: Services,
  viewer: Viewer,
  incident: string,
  { id, service }: { id: string; service: string },
  judge: (plan: RecoveryPlan, service: Service) => { content: ReportContent; tlp: Tlp; kind: string } | undefined,
): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, incident)
    const told = await tx.selectFrom('home.recovery_report').select('id').where('id', '=', id).executeTakeFirst()
    if (told) return
    const plan = await readPlan({ ...services, db: tx }, viewer, incident)
    const judged = judge(plan, serviceIn(plan, service))
    if (!judged) return
    await tx
      .insertInto('home.recovery_report')
      .values({
        ...{ id, service, incident, content: JSON.stringify(judged.content), tlp: judged.tlp },
        ...{ by_person: viewer.person.id, told_at: plan.now, at: services.clock.now() },
      })
      .execute()
    await writeEntry(services, viewer, tx, { incident, kind: judged.kind })
  })
  publishChange(services, incident)
}

function requireState(
  { now }: RecoveryPlan,
  { reports }: Service,
  { id, content }: { id: string; content: Told & { kind: 'state' } },
): void {
  const { when, state, dataAsOf } = content
  requireSound(when)
  const { from } = stretchOf(when)
  if (from !== undefined && from > now + aheadMs) throw new Refusal('recovery.in-the-future', { field: 'when' })
  if (dataAsOf !== null) {
    if (!isBack(state)) throw new Refusal('recovery.data-not-back', { field: 'dataAsOf' })
    requireMoment(dataAsOf, 'dataAsOf')
    if (momentOf(dataAsOf) > now + aheadMs) throw new Refusal('recovery.in-the-future', { field: 'dataAsOf' })
  }
  const standing = reports.filter(({ struck }) => !struck)
  const ordinal = Math.max(0, ...reports.map((one) => one.ordinal)) + 1
  const told: Pick<Report, 'id' | 'ordinal' | 'content' | 'toldAt'> = { id, ordinal, content, toldAt: now }
  const fault = faultIn(inOrder([...standing, told].flatMap(turnOf)))
  if (fault) throw new Refusal(`recovery.${fault}`, { field: fault === 'back-before-out' ? 'when' : 'state' })
}

function requireForecast(
  { now }: RecoveryPlan,
  { standing }: Service,
  { expected }: Told & { kind: 'forecast' },
): void {
  if (standing !== 'not-enough') throw new Refusal('recovery.nothing-to-expect', { field: 'expected' })
  if (expected === null) return
  requireMoment(expected, 'expected')
  if (momentOf(expected) < now) throw new Refusal('recovery.expected-passed', { field: 'expected' })
}

function requireSound(when: When): void {
  const fault = faultOf(when)
  if (fault) throw new Refusal(`incidents.particular-${fault.code}`, { field: fault.field })
}

function requireMoment(moment: Moment, field: string): void {
  const fault = momentFault(moment)
  if (fault) throw new Refusal(`incidents.particular-${fault.code}`, { field: fault.field === 'zone' ? 'zone' : field })
}
