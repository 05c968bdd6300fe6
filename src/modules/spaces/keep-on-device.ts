import { atHome, reveal } from '../../core/markings/index.ts'
import type { Visit } from '../../core/module/types.ts'
import { mayLieOnDevice } from '../../core/offline/index.ts'
import { getAct, getSpace } from './find-space.ts'

type Asked = Pick<Visit, 'services' | 'viewer' | 'params' | 'query'>

/** Whether the newest page of a timeline may lie on the device that asks; what is marked too high is left out of it. */
export async function keepsTimeline({ services, viewer, params, query }: Asked): Promise<boolean> {
  const { keeping } = viewer
  if (!keeping || query.size > 0) return false
  return mayLieOnDevice(services, await getSpace(services, params.space), keeping)
}

/** Whether one act may lie there: not a page that says of it only that it is withheld. */
export async function keepsAct(asked: Omit<Asked, 'query'>): Promise<boolean> {
  const { services, viewer, params } = asked
  const { keeping } = viewer
  const space = await getSpace(services, params.space)
  if (!keeping || !mayLieOnDevice(services, space, keeping)) return false
  const act = await getAct(services, space, params.hash)
  const marked = (await services.ledger.content([act.hash])).get(act.hash)
  return marked !== undefined && reveal(marked, atHome(services, viewer), 'page').shown
}
