import { InvalidInput } from '../../core/http/index.ts'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { drillSpacesOf, getOpenIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { awareAtOf, type Precision } from './aware-at.ts'
import { readMatters } from './matters.ts'
import { readRegimes, type Role } from './regimes.ts'
import './tables.ts'

export interface Awareness {
  id: string
  /** Local time in `zone`: `2026-11-10T09:30`. */
  awareAt: string
  precision: Precision
  zone: string
  who: string
  what: string
}

/** Begins the clocks of a law on an incident: who became aware of what, and when. @throws Refusal, InvalidInput */
export async function beginMatter(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  {
    regime,
    role,
    entity,
    authority,
    ...awareness
  }: Awareness & { regime: string; role: Role; entity: string; authority: string },
): Promise<void> {
  const law = readRegimes(services).content.regimes.find((one) => one.id === regime)
  if (!law?.terms.some((term) => term.role === role)) throw new Refusal('legal-clocks.no-such-role', { field: 'law' })
  const clock = await clockOf(services, viewer, incidentId)
  await write(services, viewer, incidentId, {
    ...momentOf(clock, awareness),
    clock_space: clock.space,
    id: awareness.id,
    matter: awareness.id,
    regime,
    role,
    entity,
    authority,
    who: awareness.who,
    what: awareness.what,
    reason: '',
    withdrawn: false,
    kind: 'clock-begun',
  })
}

/**
 * Corrects the moment of awareness, or withdraws the trigger. The earlier one stays, and so does everything that was
 * sent under it; clocks run by the newest.
 */
export async function correctTrigger(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  matterId: string,
  correction: { id: string; reason: string } & (Awareness | { withdrawn: true }),
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const matter = (await readMatters(services, incident.id)).find(({ id }) => id === matterId)
  if (!matter) throw new Refusal('legal-clocks.matter-not-found')
  const { trigger } = matter
  const clock = await clockOf(services, viewer, incident.id)
  const { awareAt: aware_at, precision, zone, clockSpace: clock_space = null } = trigger
  const moment =
    'withdrawn' in correction
      ? { aware_at, precision, zone, clock_space }
      : { ...momentOf(clock, correction), clock_space: clock.space }
  await write(services, viewer, incident.id, {
    ...moment,
    id: correction.id,
    matter: matter.id,
    regime: trigger.regime,
    role: trigger.role,
    entity: trigger.entity,
    authority: trigger.authority,
    who: 'withdrawn' in correction ? trigger.who : correction.who,
    what: 'withdrawn' in correction ? trigger.what : correction.what,
    reason: correction.reason,
    withdrawn: 'withdrawn' in correction,
    kind: 'withdrawn' in correction ? 'clock-withdrawn' : 'clock-corrected',
  })
}

/** The clock a trigger is written by: that of the drill space of an exercise, else that of the house. */
async function clockOf(
  services: Services,
  viewer: Viewer,
  incident: string,
): Promise<{ space: string | null; now: number }> {
  const space = (await drillSpacesOf(services, viewer, [incident])).get(incident)
  if (space === undefined) return { space: null, now: services.clock.now() }
  return { space, now: await services.ledger.scenarioNow(space) }
}

function momentOf({ now }: { now: number }, { awareAt, precision, zone }: Awareness) {
  const aware_at = awareAtOf(awareAt, zone, precision)
  if (aware_at === undefined) throw InvalidInput.at('awareAt', 'legal-clocks.invalid.no-such-time')
  if (aware_at > now + 60_000) throw InvalidInput.at('awareAt', 'legal-clocks.invalid.future')
  return { aware_at, precision, zone }
}

interface NewTrigger {
  id: string
  matter: string
  regime: string
  role: Role
  entity: string
  authority: string
  aware_at: number
  precision: string
  zone: string
  who: string
  what: string
  reason: string
  withdrawn: boolean
  clock_space: string | null
  /** Of the line in the log of the incident. */
  kind: string
}

async function write(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { kind, ...row }: NewTrigger,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.legal_clocks_trigger')
      .values({ ...row, incident: incident.id, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind, words: row.reason || row.what })
  })
  publishChange(services, incident.id)
}
