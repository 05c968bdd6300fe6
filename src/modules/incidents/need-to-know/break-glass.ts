import { sql } from 'kysely'
import { audit } from '../../../core/auth/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { beyondSight, isInSight } from './in-sight.ts'

/** How long an incident stays open to whoever broke the glass, and how long a request waits for a second person. */
export const glassMs = 24 * 3_600_000

/** The form that asks for an incident, filled in. */
export const glassHref = (reference: string): string =>
  `/incidents/break-glass?${new URLSearchParams({ for: reference })}#ask`

/** A request to read an incident one was not named for. */
export interface GlassRequest {
  id: string
  /** As it was typed. */
  askedFor: string
  why: string
  askedBy: string
  askedAt: number
}

/**
 * Asks for an incident by its reference or code name. Nothing says whether there is one before a second person agreed.
 */
export async function askForGlass(
  services: Services,
  viewer: Viewer,
  { id, askedFor, why }: { id: string; askedFor: string; why: string },
): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.incidents_break_glass')
      .values({
        id,
        asked_for: askedFor,
        why,
        asked_by: viewer.person.id,
        asked_at: services.clock.now(),
        agreed_by: null,
        agreed_at: null,
        refused_by: null,
        incident: null,
        until: null,
        seen_at: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await audit(tx, { at: services.clock.now(), person: viewer.person.id, what: 'glass-asked', about: id })
  })
}

/** Requests that still wait for a second person, oldest first. */
export async function listGlassRequests(services: Services): Promise<GlassRequest[]> {
  const rows = await services.db
    .selectFrom('home.incidents_break_glass')
    .select(['id', 'asked_for as askedFor', 'why', 'asked_by as askedBy', 'asked_at as askedAt'])
    .where('agreed_by', 'is', null)
    .where('refused_by', 'is', null)
    .where('asked_at', '>', services.clock.now() - glassMs)
    .where(beyondSight('what two persons ask for, before anybody looked whether it is there'))
    .orderBy('asked_at')
    .execute()
  return rows
}

/**
 * A second person agrees: whoever asked reads the incident for a day, its log says so and its lead is told. Returns the
 * incident, or undefined where none bears the name.
 *
 * @throws Refusal `incidents.own-glass`, `incidents.glass-not-found`
 */
export async function agreeToGlass(services: Services, viewer: Viewer, id: string): Promise<string | undefined> {
  const request = await requestOf(services, viewer, id)
  const now = services.clock.now()
  const until = now + glassMs
  const found = await services.db.transaction().execute(async (tx) => {
    const incident = await tx
      .selectFrom('home.incidents_incident')
      .select(['id', 'lead'])
      .where((eb) =>
        eb.or([
          eb('id', '=', request.askedFor),
          eb(sql<string>`lower(code_name)`, '=', request.askedFor.toLowerCase()),
          eb(referenceIs, '=', request.askedFor.toUpperCase()),
        ]),
      )
      .where('restricted', '=', true)
      .where(beyondSight('two persons agreed to look for it'))
      .executeTakeFirst()
    const done = await tx
      .updateTable('home.incidents_break_glass')
      .set({ agreed_by: viewer.person.id, agreed_at: now, ...(incident && { incident: incident.id, until }) })
      .where('id', '=', id)
      .where('agreed_by', 'is', null)
      .executeTakeFirst()
    if (done.numUpdatedRows === 0n) throw new Refusal('incidents.glass-not-found')
    await audit(tx, { at: now, person: viewer.person.id, what: 'glass-agreed', about: id })
    if (!incident) return undefined
    await tx
      .insertInto('home.incidents_reader')
      .values({
        id: newId(),
        incident: incident.id,
        compartment: null,
        kind: 'person',
        who: request.askedBy,
        by_person: viewer.person.id,
        at: now,
        until,
        ended_at: null,
        ended_by: null,
      })
      .execute()
    const asking = (await services.people.find(request.askedBy))?.name ?? request.askedBy
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: 'glass',
      words: request.why,
      facts: { name: asking },
    })
    // A lead who left is told of nothing; whoever asked names another.
    if (await services.people.find(incident.lead))
      await services.notices.send(tx, {
        key: `incidents.glass:${id}`,
        person: incident.lead,
        message: 'need-to-know.notice.glass',
        link: `/incidents/${incident.id}/readers`,
        urgency: 'page',
      })
    return incident.id
  })
  if (found) publishChange(services, found)
  return found
}

const referenceIs = sql<string>`'INC ' || year || '/' || coalesce(number::text, upper(left(id, 6)))`

/** A second person, or whoever asked, says no. */
export async function refuseGlass(services: Services, viewer: Viewer, id: string): Promise<void> {
  const done = await services.db
    .updateTable('home.incidents_break_glass')
    .set({ refused_by: viewer.person.id })
    .where('id', '=', id)
    .where('agreed_by', 'is', null)
    .where('refused_by', 'is', null)
    .executeTakeFirst()
  if (done.numUpdatedRows === 0n) throw new Refusal('incidents.glass-not-found')
  await audit(services.db, { at: services.clock.now(), person: viewer.person.id, what: 'glass-refused', about: id })
}

async function requestOf(services: Services, viewer: Viewer, id: string): Promise<GlassRequest> {
  const request = (await listGlassRequests(services)).find((one) => one.id === id)
  if (!request) throw new Refusal('incidents.glass-not-found')
  if (request.askedBy === viewer.person.id) throw new Refusal('incidents.own-glass')
  return request
}

/** Glasses broken on incidents this person leads, that they have not taken note of. */
export async function listBrokenGlass(
  services: Services,
  viewer: Viewer,
): Promise<{ id: string; incident: string; title: string; at: number }[]> {
  return services.db
    .selectFrom('home.incidents_break_glass as g')
    .innerJoin('home.incidents_incident as i', 'i.id', 'g.incident')
    .select(['g.id as id', 'i.id as incident', 'i.title as title'])
    .select(sql<number>`g.agreed_at`.as('at'))
    .where('g.seen_at', 'is', null)
    .where('i.lead', '=', viewer.person.id)
    .where(isInSight(services, viewer, 'i'))
    .orderBy('g.agreed_at')
    .execute()
}

/** The lead has seen who broke the glass. */
export async function takeNoteOfGlass(services: Services, viewer: Viewer, incident: string): Promise<void> {
  const broken = (await listBrokenGlass(services, viewer)).filter((one) => one.incident === incident)
  if (broken.length === 0) return
  await services.db
    .updateTable('home.incidents_break_glass')
    .set({ seen_at: services.clock.now() })
    .where(
      'id',
      'in',
      broken.map(({ id }) => id),
    )
    .execute()
}
