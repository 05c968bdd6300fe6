import { Refusal } from '../../core/http/refusal.ts'
import type { Answer, Services, Viewer, Visit } from '../../core/module/types.ts'
import { newId, sha256, utf8 } from '../../protocol/index.ts'
import { getIncident, isOpened, OpenPage } from '../incidents/index.ts'
import type { Batch } from './batches.ts'
import type { PublishedIncident } from './list-published.ts'

/** What stands before the number of a published incident where the id of ours is computed from it. */
export const ownIdBefore = (party: string, set: string): string => `published-incidents/take-up\n${party}\n${set}\n`

/** The id of the incident of our own that is opened from a published one: the same for everybody in this house. */
export const takenUpId = ({ party }: Services, { set }: Pick<Batch, 'set'>, ref: string): string =>
  Buffer.from(sha256(utf8(ownIdBefore(party, set) + ref)))
    .subarray(0, 16)
    .toString('hex')

/**
 * The incident opened from a published one, where this reader may see it, and the id for a new one. Who may not see it
 * is given a fresh id: nothing tells that there is one.
 */
export async function findTakenUp(services: Services, viewer: Viewer, batch: Pick<Batch, 'set'>, ref: string) {
  const id = takenUpId(services, batch, ref)
  if (!(await isOpened(services.db, id))) return { id }
  try {
    const { codeName } = await getIncident(services, viewer, id)
    return { id, takenUp: { id, codeName } }
  } catch (error) {
    if (error instanceof Refusal) return { id: newId() }
    throw error
  }
}

const longestTitle = 200
const longestSummary = 4_000

/** The form that opens an incident, filled with what was published and where; a person decides what of it is ours. */
export async function takeUpPage(visit: Visit, batch: Batch, { incident }: PublishedIncident): Promise<Answer> {
  const { services, viewer, t } = visit
  const { id, takenUp } = await findTakenUp(services, viewer, batch, incident.ref)
  if (takenUp) return { redirect: `/incidents/${takenUp.id}`, notice: 'incidents.notice.opened-already' }
  const source = t('published-incidents.taken-from', {
    set: batch.name,
    edition: batch.edition,
    ref: incident.ref,
    licence: batch.licence,
  })
  const addresses = incident.sources.slice(0, 3).join(' ')
  const rest = [source, addresses].filter((one) => one !== '').join('\n')
  const description = incident.description.slice(0, Math.max(0, longestSummary - rest.length - 2))
  const values = { id, title: incident.name.slice(0, longestTitle), summary: `${description}\n\n${rest}`.trim() }
  return { page: <OpenPage visit={visit} state={{ values, errors: {} }} /> }
}
