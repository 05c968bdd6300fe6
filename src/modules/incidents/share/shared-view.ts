import { Refusal } from '../../../core/http/refusal.ts'
import { atHome, reveal } from '../../../core/markings/index.ts'
import type { LoggedAct, Services, ShownAct, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import { readBundle } from '../../exchange/index.ts'
import { filesSent, type SharedFile } from '../evidence-files/files-sent.ts'
import { getIncident, type Incident } from '../incident.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import { listLinkedSpaces, othersIn } from './link-space.ts'
import type { ListedObject } from './list-shareable.ts'

/** What the other side holds of an incident, because it was said in a space it is a member of. */
export interface SharedView {
  incident: Incident
  space: SpaceFacts
  /** The other parties. */
  parties: string[]
  /** Acts as the gate lets the other side read them, in order; technical ones left out. */
  acts: ShownAct[]
  /** Objects annexed to acts of ours. */
  objects: ListedObject[]
  /** Files that went with acts of ours; `evidence` numbers the item of this incident that the file is kept with. */
  files: SharedFile[]
  /** Files of evidence of the incident that this reader may see. */
  allFiles: number
  /** Objects of the incident, and how many of them the other side has. */
  all: number
}

/**
 * The incident as the other members of a linked space see it: computed at the gate with them as the reader, from what
 * was said, never from the records at home.
 */
export async function viewShared(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  spaceId: string,
): Promise<SharedView> {
  const incident = await getIncident(services, viewer, incidentId)
  const space = (await listLinkedSpaces(services, viewer, incidentId)).find((one) => one.id === spaceId)
  if (!space) throw new Refusal('incidents.space-not-found')
  const parties = othersIn(services, space)
  const acts = (await services.ledger.acts(space.id, { limit: 500 })).filter((act) => !isTechnical(services, act))
  const shown = await showTo(services, viewer, { space, acts, party: parties[0] })
  const objects = await annexed(services, shown)
  const here = await services.db
    .selectFrom('home.incidents_object')
    .select('stix_id')
    .where('incident', '=', incident.id)
    .where(inSight(services, viewer))
    .where('type', '!=', 'marking-definition')
    .execute()
  return {
    incident,
    space,
    parties,
    acts: shown,
    objects,
    all: here.length + missingFrom(here, objects),
    ...(await filesSent(services, viewer, { incident: incident.id, shown })),
  }
}

/** What was sent from here may have gone to another incident by a split: it counts here as what was sent. */
function missingFrom(here: readonly { stix_id: string }[], sent: readonly ListedObject[]): number {
  const held = new Set(here.map(({ stix_id: id }) => id))
  return sent.filter(({ id }) => !held.has(id)).length
}

function isTechnical(services: Services, { statement: { type } }: LoggedAct): boolean {
  const definition = services.modules.flatMap((module) => module.acts ?? []).find((one) => one.type === type)
  return definition === undefined || definition.technical === true || /^(space|drill|register|clock)\./.test(type)
}

/** Two gates: the other party's, which is the view, and the reader's own at home. */
async function showTo(
  services: Services,
  viewer: Viewer,
  { space, acts, party }: { space: SpaceFacts; acts: LoggedAct[]; party: string | undefined },
): Promise<ShownAct[]> {
  const contents = await services.ledger.content(acts.map((act) => act.hash))
  return acts.map((act) => {
    const marked = contents.get(act.hash)
    if (!marked) return { act, space }
    const theirs = reveal(marked, { party, ceiling: 'RED', member: true }, 'federation')
    const ours = reveal(marked, atHome(services, viewer), 'page')
    if (!theirs.shown) return { act, space, withheld: theirs.reason }
    return ours.shown ? { act, space, content: ours.value } : { act, space, withheld: ours.reason }
  })
}

async function annexed(services: Services, shown: ShownAct[]): Promise<ListedObject[]> {
  const objects = new Map<string, ListedObject>()
  for (const { act, content } of shown) {
    if (act.statement.author !== services.party) continue
    for (const part of content?.attachments ?? []) {
      if (!part.name.endsWith('.stix.json') || !part.present) continue
      const marked = await services.ledger.attachment(act.hash, part.hash)
      const revealed = marked && reveal(marked, { party: services.party, ceiling: 'RED' }, 'page')
      if (revealed?.shown) for (const one of bundleObjects(revealed.value)) objects.set(one.id, one)
    }
  }
  return [...objects.values()]
}

function bundleObjects(content: Uint8Array): ListedObject[] {
  try {
    return readBundle(content)
      .objects.filter((one) => one.type !== 'marking-definition')
      .map(({ id, type, name, tlp }) => ({ id, type, name, tlp }))
  } catch (error) {
    // An annex without objects, or one that is no bundle, adds nothing to the list.
    if (error instanceof Refusal) return []
    throw error
  }
}
