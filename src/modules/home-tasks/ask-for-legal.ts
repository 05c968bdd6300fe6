import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { legalPower } from '../clearance/index.ts'
import { addStep, changing } from './write-task.ts'

/**
 * Whoever handles a task asks for a legal adviser to look at it before it goes. It stays asked for.
 *
 * @throws Refusal `home-tasks.legal-already`, `home-tasks.no-adviser`
 */
export async function askForLegal(
  services: Services,
  viewer: Viewer,
  id: string,
  said: { id: string; reason: string },
): Promise<void> {
  const advisers = await services.people.holding(legalPower)
  await changing(services, viewer, id, async (tx, task) => {
    if (task.steps.some((one) => one.id === said.id)) return
    if (task.stages.includes('legal')) throw new Refusal('home-tasks.legal-already')
    if (advisers.length === 0) throw new Refusal('home-tasks.no-adviser')
    await addStep(services, viewer, tx, { id: said.id, task: id, kind: 'legal-asked', facts: { reason: said.reason } })
  })
}
