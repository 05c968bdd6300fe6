import type { Services, Viewer } from '../../../core/module/types.ts'
import { holdersOf } from '../run/waits-for.ts'
import { listPlans } from './read-plans.ts'

/** Plans in force and in use, readable to this person, in which they hold a role or stand in for somebody. */
export async function listHeldPlans(services: Services, viewer: Viewer): Promise<string[]> {
  const mine = new Set(holdersOf(viewer))
  return (await listPlans(services, viewer)).flatMap(({ id, inForce }) => {
    const isHeld = inForce?.content.roles.some(({ who, deputy }) => mine.has(who) || mine.has(deputy))
    return isHeld && inForce?.content.isInUse ? [id] : []
  })
}
