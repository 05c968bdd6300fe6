import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { Incident } from '../../incidents/index.ts'
import { markServices, readRuns } from '../../preparedness/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import type { ServiceContent } from '../tables.ts'
import '../tables.ts'
import { isAsPlanned, plannedOf } from './planned-of.ts'

/**
 * Says at the run of a response plan that a service which came from it goes otherwise than it says, and why; or as it
 * says again. Nothing of a service that is marked narrower than its incident: readers of the run are those of the
 * incident.
 */
export async function noteDeparture(
  services: Services & { db: Tx },
  viewer: Viewer,
  incident: Pick<Incident, 'id' | 'marking'>,
  { service, content, tlp, why }: { service: string; content: ServiceContent; tlp: Tlp; why: string },
): Promise<void> {
  if (tlp !== incident.marking) return
  const planned = await services.db
    .selectFrom('home.recovery_planned')
    .select(['run', 'item'])
    .where('service', '=', service)
    .executeTakeFirst()
  if (!planned) return
  const [run] = await readRuns(services, viewer, { incident: incident.id, run: planned.run })
  const standing = run?.services.find((one) => one.service.id === planned.item)
  if (!run || !standing) return
  const departs = content.isOff || !isAsPlanned(content, standing.service, await plannedOf(services.db, run.id))
  if (!departs && standing.state === 'done') return
  const state = departs ? ('otherwise' as const) : ('done' as const)
  await markServices(services, viewer, run, [{ service: planned.item, state, words: why }])
}
