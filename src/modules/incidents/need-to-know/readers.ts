import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { getIncident, type Incident } from '../incident.ts'
import { type NewEntry, publishChange, writeEntry } from '../write-entry.ts'
import { compartmentFor, listCompartments } from './compartments.ts'
import { inSight } from './in-sight.ts'
import { nextInSeries } from './series.ts'

/** Somebody, or everybody of an office, who may know of an incident or of one set of items in it. */
export interface NamedReader {
  id: string
  kind: 'person' | 'office'
  who: string
  compartment?: string
  at: number
  /** Only until then, ms: the glass was broken. */
  until?: number
}

/** Readers named for an incident and for those of its compartments that this person may know of. */
export async function listReaders(services: Services, viewer: Viewer, incident: string): Promise<NamedReader[]> {
  const rows = await services.db
    .selectFrom('home.incidents_reader')
    .selectAll()
    .where('incident', '=', incident)
    .where('ended_at', 'is', null)
    .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', services.clock.now())]))
    .where(inSight(services, viewer))
    .orderBy('at')
    .orderBy('id')
    .execute()
  const known = new Set((await listCompartments(services, viewer, incident)).map(({ id }) => id))
  return rows
    .filter(({ compartment }) => compartment === null || known.has(compartment))
    .map(({ id, kind, who, at, compartment, until }) => ({
      id,
      kind,
      who,
      at,
      ...(compartment !== null && { compartment }),
      ...(until !== null && { until }),
    }))
}

/** From now on only the lead and named readers know that there is such an incident. */
export async function restrictIncident(services: Services, viewer: Viewer, incident: string): Promise<void> {
  await deciding(services, viewer, incident, async (tx, { id, isRestricted }) => {
    if (isRestricted) return undefined
    await tx.updateTable('home.incidents_incident').set({ restricted: true }).where('id', '=', id).execute()
    return { kind: 'restricted' }
  })
}

/** Everybody cleared for its marking may know of it again; it takes its place in the series of the house. */
export async function openToHouse(services: Services, viewer: Viewer, incident: string): Promise<void> {
  await deciding(services, viewer, incident, async (tx, { id, isRestricted, openedAt }) => {
    if (!isRestricted) return undefined
    await sql`select pg_advisory_xact_lock(hashtext('incidents.number'))`.execute(tx)
    const next = await nextInSeries(tx, new Date(openedAt).getUTCFullYear())
    await tx
      .updateTable('home.incidents_incident')
      .set((eb) => ({ restricted: false, number: eb.fn.coalesce('number', eb.val(next)) }))
      .where('id', '=', id)
      .execute()
    return { kind: 'open-to-house' }
  })
}

export interface NewReader {
  id: string
  kind: 'person' | 'office'
  who: string
  compartment?: string
}

/**
 * Names a reader of the incident or of a compartment in it.
 *
 * @throws Refusal `incidents.nobody-such`, `incidents.not-a-reader` (of a compartment before the incident)
 */
export async function nameReader(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  reader: NewReader,
): Promise<void> {
  const name = await nameOf(services, reader)
  if (name === undefined) throw new Refusal('incidents.nobody-such', { field: 'who' })
  const compartment = await compartmentFor(services, viewer, incidentId, reader.compartment)
  const named = await listReaders(services, viewer, incidentId)
  await deciding(services, viewer, incidentId, async (tx, incident) => {
    const isSame = (one: NamedReader) => one.kind === reader.kind && one.who === reader.who
    const reads = named.some((one) => isSame(one) && one.compartment === undefined && one.until === undefined)
    if (compartment !== null && incident.isRestricted && !reads && incident.lead !== reader.who)
      throw new Refusal('incidents.not-a-reader', { field: 'who', name })
    if (named.some((one) => isSame(one) && (one.compartment ?? null) === compartment && one.until === undefined))
      return undefined
    const done = await tx
      .insertInto('home.incidents_reader')
      .values({
        id: reader.id,
        incident: incident.id,
        compartment,
        kind: reader.kind,
        who: reader.who,
        by_person: viewer.person.id,
        at: services.clock.now(),
        until: null,
        ended_at: null,
        ended_by: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n ? undefined : { kind: 'reader-named', facts: { name }, compartment }
  })
}

/** Ends what somebody may know, from now on; whoever loses the incident loses its compartments with it. */
export async function endReader(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  readerId: string,
): Promise<void> {
  const named = (await listReaders(services, viewer, incidentId)).find(({ id }) => id === readerId)
  if (!named) return
  const name = (await nameOf(services, named)) ?? named.who
  await deciding(services, viewer, incidentId, async (tx, incident) => {
    await tx
      .updateTable('home.incidents_reader')
      .set({ ended_at: services.clock.now(), ended_by: viewer.person.id })
      .where('incident', '=', incident.id)
      .where('kind', '=', named.kind)
      .where('who', '=', named.who)
      .where('ended_at', 'is', null)
      .$if(named.compartment !== undefined, (query) => query.where('compartment', '=', named.compartment ?? ''))
      .execute()
    return { kind: 'reader-ended', facts: { name }, compartment: named.compartment ?? null }
  })
}

/** Hands the decision on readers to another person, who reads everything from then on. */
export async function handOverLead(services: Services, viewer: Viewer, incidentId: string, to: string): Promise<void> {
  const name = await nameOf(services, { kind: 'person', who: to })
  if (name === undefined) throw new Refusal('incidents.nobody-such', { field: 'lead' })
  await deciding(services, viewer, incidentId, async (tx, incident) => {
    if (incident.lead === to) return undefined
    await tx.updateTable('home.incidents_incident').set({ lead: to }).where('id', '=', incident.id).execute()
    return { kind: 'lead', facts: { name } }
  })
}

/** A further compartment, empty, that the lead alone reads. */
export async function openCompartment(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, name }: { id: string; name: string },
): Promise<void> {
  await deciding(services, viewer, incidentId, async (tx, incident) => {
    const done = await tx
      .insertInto('home.incidents_compartment')
      .values({ id, name, incident: incident.id, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    return done.numInsertedOrUpdatedRows === 0n ? undefined : { kind: 'compartment', facts: { name }, compartment: id }
  })
}

type Line = Omit<NewEntry, 'incident'>

/** Only the lead decides who may know of what. @throws Refusal `incidents.not-the-lead` */
export async function deciding(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  change: (tx: Tx, incident: Incident) => Promise<Line | readonly Line[] | undefined>,
): Promise<void> {
  const incident = await getIncident(services, viewer, incidentId)
  if (incident.lead !== viewer.person.id) throw new Refusal('incidents.not-the-lead')
  await services.db.transaction().execute(async (tx) => {
    const entry = await change(tx, incident)
    for (const line of [entry ?? []].flat()) await writeEntry(services, viewer, tx, { incident: incident.id, ...line })
  })
  publishChange(services, incident.id)
}

/** Name of a person or office of the house; undefined where there is none. */
async function nameOf(
  services: Services,
  { kind, who }: { kind: 'person' | 'office'; who: string },
): Promise<string | undefined> {
  if (kind === 'person') return (await services.people.find(who))?.name
  const office = (await services.people.offices()).find(({ id }) => id === who)
  return office && (office.name.en ?? Object.values(office.name)[0] ?? office.id)
}
