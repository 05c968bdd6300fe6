import { requireOpening } from '../../../core/module/require-opening.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { reveal } from '../../../core/markings/index.ts'
import type { ActAction, LoggedAct, Services, ShownAct, SpaceFacts, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { ReadBundle } from '../../exchange/index.ts'
import { atOnceBytes } from '../bundles/begin-bundle.ts'
import { readerOf } from '../incident.ts'
import { isInSight } from '../need-to-know/in-sight.ts'
import { readUploadInTurns } from './open-incident.ts'
import '../tables.ts'

/** True for an attachment that says it is a STIX bundle. */
const isBundle = ({ name, media }: { name: string; media: string }) =>
  media.startsWith('application/stix+json') || name.toLowerCase().endsWith('.stix.json')

/**
 * "Open an incident from these objects", for every bundle another party attached to an act. Any face may add these
 * to its own actions.
 */
export function attachmentActions(
  { viewer, services }: { viewer: Viewer; services: Services },
  shown: ShownAct,
): ActAction[] {
  if (shown.act.statement.author === services.party || !viewer.may('incidents:draft')) return []
  return (shown.content?.attachments ?? [])
    .filter((one) => one.present && isBundle(one))
    .map((one) => ({
      label: 'incidents.action.open-from',
      method: 'GET',
      href: `/incidents/open?act=${shown.act.hash}&part=${one.hash}`,
    }))
}

/** A bundle that came attached to an act, as the gate let it through. */
export interface AttachedFile {
  act: LoggedAct
  space: SpaceFacts
  part: string
  content: Uint8Array
  /** Of the act: for objects that carry no label of their own. */
  unmarked: Tlp
  /** Its objects; none yet where it is so large that a job reads it. */
  bundle?: ReadBundle
}

export type AttachedBundle = AttachedFile & { bundle: ReadBundle }

/**
 * Objects that came attached to an act, through the gate. What carries no label of its own gets the act's.
 *
 * @throws Refusal `incidents.attachment-not-found`, BundleRefusal where it is no bundle.
 */
export async function readAttached(
  services: Services,
  viewer: Viewer,
  actHash: string,
  part: string,
): Promise<AttachedBundle> {
  const found = await findAttached(services, viewer, actHash, part)
  return { ...found, bundle: found.bundle ?? (await readUploadInTurns(services, found.content, found.unmarked)) }
}

/** The same, not read yet where it is large. @throws Refusal `incidents.attachment-not-found`, BundleRefusal */
export async function findAttached(
  services: Services,
  viewer: Viewer,
  actHash: string,
  part: string,
): Promise<AttachedFile> {
  const act = await services.ledger.findAct(actHash)
  if (act) await requireOpening(services, act)
  const space = act && (await services.ledger.find(act.space))
  const marked = act && (await services.ledger.attachment(act.hash, part))
  const revealed = marked && reveal(marked, readerOf(services, viewer), 'page')
  if (!act || !space || !revealed?.shown) throw new Refusal('incidents.attachment-not-found')
  const file = { act, space, part, content: revealed.value, unmarked: revealed.marking.tlp }
  if (file.content.byteLength > atOnceBytes) return file
  return { ...file, bundle: await readUploadInTurns(services, file.content, file.unmarked) }
}

/** The incident in sight that was opened from this attachment already. */
export async function findOpenedFrom(
  services: Services,
  viewer: Viewer,
  act: string,
  part: string,
): Promise<string | undefined> {
  const rows = await services.db
    .selectFrom('home.incidents_incident')
    .select(['id', 'source'])
    .where(isInSight(services, viewer))
    .execute()
  return rows.find(({ source }) => source.kind === 'act' && source.act === act && source.part === part)?.id
}
