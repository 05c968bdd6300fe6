import { sql } from 'kysely'
import { mark, type Marked, reveal, tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { type Marking, type Tlp, tlpLabels } from '../../../protocol/types.ts'
import { sha256 } from '../../../protocol/index.ts'
import { standardDefinition, standardIds, uuidOf } from '../../exchange/index.ts'
import { getIncident, readerOf } from '../incident.ts'
import { beyondSight, inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** One object as lists show it. */
export interface ListedObject {
  id: string
  type: string
  name: string
  tlp: Tlp
}

/** What of an incident may travel under a marking, and what stays at home. */
export interface Shareable {
  leaves: ListedObject[]
  /** `marking`: narrower than the exit or above the reader. `refers`: names something that stays. */
  stays: { tlp: Tlp; count: number; why: 'marking' | 'refers' }[]
  /** STIX 2.1 bundle of what leaves with the marking definitions it needs; the same content gives the same bytes. */
  bundle: Uint8Array
  /** All objects of the incident; marking definitions are not counted, here or above. */
  all: number
}

interface StoredObject extends ListedObject {
  mentions: string[]
  ends: string[]
  text: string
}

/**
 * Splits the objects of an incident into those that may leave under `marking` and those that stay.
 *
 * An object goes whole and unchanged or not at all. One that names, anywhere in it, the identifier of an object that
 * is marked too narrowly stays too; so does a relationship or sighting when one of its ends does not leave.
 *
 * @throws Refusal `incidents.not-found`
 */
export async function listShareable(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  marking: Marking,
): Promise<Shareable> {
  const incident = await getIncident(services, viewer, incidentId)
  const stored = await loadObjects(services, viewer, incident.id)
  const atGate = stored.map((one) => passes(one, services, viewer, marking))
  const named = stored.flatMap(({ object }) => object.mentions)
  const elsewhere = await narrowerIds(services, named, marking.tlp)
  return split(
    stored.map((one, at) => ({ object: one.object, passes: atGate[at] === true })),
    elsewhere,
  )
}

interface Stored {
  object: StoredObject
  marked: Marked<StoredObject>
}

/** Both gates: the person who annexes it may see it, and whoever reads the note may. */
function passes({ marked }: Stored, services: Services, viewer: Viewer, { tlp }: Marking): boolean {
  return (
    reveal(marked, readerOf(services, viewer), 'page').shown &&
    reveal(marked, { party: services.party, ceiling: tlp, member: true }, 'federation').shown
  )
}

async function loadObjects(services: Services, viewer: Viewer, incident: string): Promise<Stored[]> {
  const rows = await services.db
    .selectFrom('home.incidents_object')
    .select(['stix_id as id', 'type', 'name', 'tlp', 'mentions', 'ends', 'text'])
    .where(inSight(services, viewer))
    .where('incident', '=', incident)
    .orderBy('ordinal')
    .execute()
  return rows.map((object) => ({ object, marked: mark(object, { tlp: object.tlp }) }))
}

/**
 * Which of these identifiers anything of the house marks narrower than the exit, hidden incidents included: what only a
 * few know of must not leave by the hand of somebody who does not. Nothing says which it was, or where.
 */
async function narrowerIds(services: Pick<Services, 'db'>, named: readonly string[], tlp: Tlp): Promise<Set<string>> {
  const narrower = tlpLabels.filter((label) => tlpRank(label) > tlpRank(tlp))
  if (narrower.length === 0 || named.length === 0) return new Set()
  const rows = await services.db
    .selectFrom('home.incidents_object')
    .select('stix_id')
    .distinct()
    .where(beyondSight('what must not be named outside is asked of all; only that an object stays is told'))
    .where(sql<boolean>`lower(right(stix_id, 36)) = any(${texts([...new Set(named)])})`)
    .where('tlp', 'in', narrower)
    .execute()
  return new Set(rows.map((row) => uuidOf(row.stix_id)))
}

/** Pure: which of these leave, given what the gate said and what else must not be named. */
export function split(objects: { object: StoredObject; passes: boolean }[], unnamed: ReadonlySet<string>): Shareable {
  const blocked = new Set([...unnamed, ...objects.filter((one) => !one.passes).map((one) => uuidOf(one.object.id))])
  const namesBlocked = ({ mentions }: StoredObject) => mentions.some((uuid) => blocked.has(uuid))
  const content = objects.filter((one) => one.object.type !== 'marking-definition')
  let leaving = content.filter((one) => one.passes && !namesBlocked(one.object)).map((one) => one.object)
  for (;;) {
    const ids = new Set(leaving.map((one) => one.id))
    const left = leaving.filter((one) => one.ends.every((end) => ids.has(end)))
    if (left.length === leaving.length) break
    leaving = left
  }
  const leaves = new Set(leaving)
  const stays = content.filter((one) => !leaves.has(one.object))
  const definitions = objects.filter((one) => one.object.type === 'marking-definition').map((one) => one.object)
  return {
    leaves: leaving.map(({ id, type, name, tlp }) => ({ id, type, name, tlp })),
    stays: countStays(stays),
    bundle: writeBundle(leaving, definitions),
    all: content.length,
  }
}

function countStays(stays: { object: StoredObject; passes: boolean }[]): Shareable['stays'] {
  return tlpLabels.toReversed().flatMap((tlp) =>
    (['marking', 'refers'] as const).flatMap((why) => {
      const count = stays.filter((one) => one.object.tlp === tlp && one.passes === (why === 'refers')).length
      return count > 0 ? [{ tlp, count, why }] : []
    }),
  )
}

function writeBundle(leaving: readonly StoredObject[], definitions: readonly StoredObject[]): Uint8Array {
  const texts = [...neededDefinitions(leaving, definitions), ...leaving.map((one) => one.text)]
  const id = bundleId(texts)
  const objects = texts.length > 0 ? `,"objects":[${texts.join(',\n')}]` : ''
  return new TextEncoder().encode(`{"type":"bundle","id":"${id}"${objects}}`)
}

/** Texts of the definitions that what leaves refers to, the standard ones supplied where nobody brought them. */
function neededDefinitions(leaving: readonly StoredObject[], definitions: readonly StoredObject[]): string[] {
  const own = new Map(definitions.map((one) => [uuidOf(one.id), one]))
  const standard = new Map(standardIds.map((id) => [uuidOf(id), id]))
  const texts = new Map<string, string>()
  const visit = (mentions: readonly string[]) => {
    for (const uuid of mentions) {
      const definition = own.get(uuid)
      const known = standard.get(uuid)
      if (texts.has(uuid) || (!definition && !known)) continue
      texts.set(uuid, definition?.text ?? JSON.stringify(standardDefinition(known as string)))
      if (definition) visit(definition.mentions)
    }
  }
  for (const object of leaving) visit(object.mentions)
  return [...texts.values()]
}

/** A UUID (version 8) computed from the content: saving a draft again changes no byte. */
function bundleId(texts: readonly string[]): string {
  const hex = Buffer.from(sha256(new TextEncoder().encode(texts.join('\n')))).toString('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return `bundle--${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
