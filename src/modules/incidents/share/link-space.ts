import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { getIncident, getOpenIncident } from '../incident.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import '../tables.ts'

/** Kinds of space an incident is talked about in. */
const kinds = ['case', 'channel', 'negotiation']

/**
 * Notes at home that a space belongs to an incident. Nothing leaves; the same link again changes nothing.
 *
 * @throws Refusal `incidents.drill-mismatch`: a drill has no way into real spaces, nor the other way round.
 */
export async function linkSpace(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  spaceId: string,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const space = await services.ledger.find(spaceId)
  if (!space || !kinds.includes(space.kind)) throw new Refusal('incidents.space-not-found', { field: 'space' })
  if ((space.drill !== undefined) !== incident.drill) throw new Refusal('incidents.drill-mismatch', { field: 'space' })
  await services.db.transaction().execute(async (tx) => {
    const linked = await tx
      .insertInto('home.incidents_link')
      .values({ incident: incident.id, space: space.id, by_person: viewer.person.id, at: services.clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (linked.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: 'linked',
      facts: { space: titleOf(space, 'en') },
    })
  })
  publishChange(services, incident.id)
}

/** Spaces of an incident, in the order they were linked. */
export async function listLinkedSpaces(services: Services, viewer: Viewer, incidentId: string): Promise<SpaceFacts[]> {
  const incident = await getIncident(services, viewer, incidentId)
  const rows = await services.db
    .selectFrom('home.incidents_link')
    .select('space')
    .where('incident', '=', incident.id)
    .where(inSight(services, viewer))
    .orderBy('at')
    .orderBy('space')
    .execute()
  const spaces = await Promise.all(rows.map((row) => services.ledger.find(row.space)))
  return spaces.filter((space) => space !== undefined)
}

/** Ids of the spaces of each of these incidents, as far as they are in sight. */
export async function spacesOf(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  incidents: readonly string[],
): Promise<Map<string, string[]>> {
  if (incidents.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('home.incidents_link')
    .select(['incident', 'space'])
    .where('incident', 'in', [...incidents])
    .where(inSight(services, viewer))
    .execute()
  return new Map(
    [...Map.groupBy(rows, ({ incident }) => incident)].map(([of, mine]) => [of, mine.map(({ space }) => space)]),
  )
}

/** The drill space on whose clock each exercise runs; an incident that is real, or linked to none, is not there. */
export async function drillSpacesOf(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
): Promise<Map<string, string>> {
  if (incidents.length === 0) return new Map()
  const rows = await services.db
    .selectFrom('home.incidents_link as l')
    .innerJoin('home.incidents_incident as i', 'i.id', 'l.incident')
    .select(['l.incident', 'l.space'])
    .where('l.incident', 'in', [...incidents])
    .where('i.drill', '=', true)
    .where(inSight(services, viewer, 'l.incident'))
    .orderBy('l.at')
    .orderBy('l.space')
    .execute()
  const spaces = new Map(
    await Promise.all(
      [...new Set(rows.map(({ space }) => space))].map(async (id) => [id, await services.ledger.find(id)] as const),
    ),
  )
  const drills = rows.filter(({ space }) => spaces.get(space)?.drill !== undefined)
  return new Map(drills.toReversed().map(({ incident, space }) => [incident, space]))
}

/** Spaces that could be linked: talks of the same kind (drill or not) that are not linked yet. */
export async function listLinkable(
  services: Services,
  incident: { drill: boolean },
  linked: SpaceFacts[],
): Promise<SpaceFacts[]> {
  const ids = new Set(linked.map((space) => space.id))
  return (await services.ledger.list({ member: services.party })).filter(
    (space) => kinds.includes(space.kind) && (space.drill !== undefined) === incident.drill && !ids.has(space.id),
  )
}

/** Title of a space in a language, else any it has. */
export function titleOf(space: Pick<SpaceFacts, 'title' | 'id'>, language: string): string {
  return space.title[language] ?? space.title.en ?? Object.values(space.title)[0] ?? space.id
}

/** The other parties of a space, observers included. */
export function othersIn(services: Pick<Services, 'party'>, space: SpaceFacts): string[] {
  return space.members.filter((one) => one.until === undefined && one.party !== services.party).map((one) => one.party)
}
