import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { getIncident, getOpenIncident } from '../incident.ts'
import { compartmentFor } from '../need-to-know/compartments.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { readCategories } from '../vocabularies/read-categories.ts'
import {
  type Consent,
  contradictionsIn,
  faultIn,
  heldBack,
  type ParticularKind,
  type ParticularValue,
} from './particular.ts'
import { isKnownTooEarly, orderOf, stretchOf } from './when.ts'
import '../tables.ts'

export interface Dispute {
  by: string
  why: string
  writtenBy: string
  at: number
}

export interface Particular {
  id: string
  kind: ParticularKind
  value: ParticularValue
  knownBy: string
  /** `YYYY-MM-DD`. */
  knownSince: string
  consent: Consent
  /** Day from which a market may know. */
  embargo?: string
  writtenBy: string
  at: number
  compartment?: string
  disputes: Dispute[]
  /** Its id and those of its earlier wordings. */
  chain: string[]
  /** What it said before, newest first. */
  before: { value: ParticularValue; writtenBy: string; at: number }[]
  /** Others that cannot be so as well. */
  contradicts: string[]
  heldBack?: 'no-consent' | 'market-sensitive'
  /** It is said to have been known before it can have happened. */
  knownTooEarly?: true
}

/** What is stated of an incident, in the order of events, with all that speaks against it. */
export async function listParticulars(services: Services, viewer: Viewer, incidentId: string): Promise<Particular[]> {
  const { id: incident } = await getIncident(services, viewer, incidentId)
  const [rows, disputes] = await Promise.all([
    services.db
      .selectFrom('home.incidents_particular')
      .selectAll()
      .where('incident', '=', incident)
      .where(inSight(services, viewer))
      .where(inCompartment(services, viewer, 'home.incidents_particular'))
      .orderBy('ordinal')
      .execute(),
    services.db
      .selectFrom('home.incidents_dispute')
      .selectAll()
      .where('incident', '=', incident)
      .where(inSight(services, viewer))
      .orderBy('ordinal')
      .execute(),
  ])
  const byId = new Map(rows.map((row) => [row.id, row]))
  const standing = rows.filter(({ ended_at }) => ended_at === null)
  const contradictions = contradictionsIn(standing)
  const today = new Date(services.clock.now()).toISOString().slice(0, 10)
  const listed = standing.map((row): Particular => {
    const before: Particular['before'] = []
    const chain = [row.id]
    for (let old = byId.get(row.corrects ?? ''); old; old = byId.get(old.corrects ?? '')) {
      before.push({ value: old.value, writtenBy: old.by_person, at: old.at })
      chain.push(old.id)
    }
    const held = heldBack({ consent: row.consent, embargo: row.embargo ?? undefined }, today)
    return {
      id: row.id,
      kind: row.kind,
      value: row.value,
      knownBy: row.known_by,
      knownSince: row.known_since,
      consent: row.consent,
      writtenBy: row.by_person,
      at: row.at,
      disputes: disputes
        .filter(({ particular }) => chain.includes(particular))
        .map(({ disputed_by: by, why, by_person: writtenBy, at }) => ({ by, why, writtenBy, at })),
      chain,
      before,
      contradicts: contradictions.get(row.id) ?? [],
      ...(row.embargo !== null && { embargo: row.embargo }),
      ...(row.compartment !== null && { compartment: row.compartment }),
      ...(held && { heldBack: held }),
      ...(isKnownTooEarly(row.value.when, row.known_since) && { knownTooEarly: true }),
    }
  })
  // Of events that cannot be told apart in time, and of what has no time, the one that was written first.
  return listed.toSorted((a, b) => place(a) - place(b) || 0)
}

const place = ({ value }: Particular): number => (value.when ? orderOf(value.when) : Number.POSITIVE_INFINITY)

export interface NewParticular {
  id: string
  kind: ParticularKind
  value: ParticularValue
  knownBy: string
  knownSince?: string
  consent: Consent
  embargo?: string
  compartment?: string
  /** Statement that this one puts right; the earlier wording stays in its history. */
  corrects?: string
}

/**
 * States something of an incident.
 *
 * @throws Refusal `incidents.particular.…` with the field to blame; `incidents.fact-changed` where what it corrects was
 *   corrected meanwhile
 */
export async function stateParticular(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  stated: NewParticular,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const fault = faultIn(stated.kind, stated.value, readCategories(services).content.categories)
  if (fault) throw new Refusal(`incidents.particular-${fault.code}`, { field: fault.field })
  const now = services.clock.now()
  const today = new Date(now).toISOString().slice(0, 10)
  const knownSince = stated.knownSince ?? today
  if (knownSince > today && !incident.drill) throw new Refusal('incidents.in-the-future', { field: 'knownSince' })
  // A time that is known no more exactly than a day or month has begun when its first moment has.
  const begins = stated.value.when && stretchOf(stated.value.when).from
  if (begins !== undefined && begins > now + 60_000 && !incident.drill)
    throw new Refusal('incidents.in-the-future', { field: 'when' })
  const compartment = await compartmentFor(services, viewer, incident.id, stated.compartment)
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.incidents_particular')
      .values({
        id: stated.id,
        incident: incident.id,
        compartment,
        kind: stated.kind,
        value: JSON.stringify(stated.value),
        known_by: stated.knownBy,
        known_since: knownSince,
        consent: stated.consent,
        embargo: stated.embargo ?? null,
        by_person: viewer.person.id,
        at: now,
        corrects: stated.corrects ?? null,
        ended_at: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    if (stated.corrects !== undefined) {
      const ended = await tx
        .updateTable('home.incidents_particular')
        .set({ ended_at: now })
        .where('id', '=', stated.corrects)
        .where('incident', '=', incident.id)
        .where('kind', '=', stated.kind)
        .where('ended_at', 'is', null)
        .where('compartment', 'is not distinct from', compartment)
        .where(inCompartment(services, viewer, 'home.incidents_particular'))
        .executeTakeFirst()
      if (ended.numUpdatedRows !== 1n) throw new Refusal('incidents.fact-changed', { field: 'corrects' })
    }
    const kind = stated.corrects === undefined ? 'particular' : 'particular-corrected'
    await writeEntry(services, viewer, tx, { incident: incident.id, kind, facts: { kind: stated.kind }, compartment })
  })
  publishChange(services, incident.id)
}

/** Notes who contests a statement and why; both stay in view. */
export async function disputeParticular(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  dispute: { id: string; particular: string; by: string; why: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const about = (await listParticulars(services, viewer, incident.id)).find(({ id }) => id === dispute.particular)
  if (!about) throw new Refusal('incidents.particular-not-found')
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.incidents_dispute')
      .values({
        id: dispute.id,
        incident: incident.id,
        particular: about.id,
        disputed_by: dispute.by,
        why: dispute.why,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    const compartment = about.compartment ?? null
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: 'particular-contested',
      facts: { kind: about.kind },
      compartment,
    })
  })
  publishChange(services, incident.id)
}
