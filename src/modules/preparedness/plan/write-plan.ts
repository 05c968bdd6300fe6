import { Refusal } from '../../../core/http/refusal.ts'
import { mayLeave, atHome } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { type PlanContent, requireSound } from './content.ts'
import { getPlan } from './read-plans.ts'
import '../tables.ts'

/** Begins a plan. The same id again changes nothing. @throws Refusal */
export async function beginPlan(
  services: Services,
  viewer: Viewer,
  { id, marking, content }: { id: string; marking: Tlp; content: PlanContent },
): Promise<void> {
  await insert(services, viewer, services.db as Tx, { id, plan: id, marking, content })
}

/**
 * Writes a plan anew: what stood before stays readable, and what is in force stays so until a second person approves.
 *
 * @param seen - Writing that lay before whoever changed it.
 * @throws Refusal `preparedness.changed-meanwhile` where somebody else wrote since
 */
export async function writePlan(
  services: Services,
  viewer: Viewer,
  planId: string,
  change: { id: string; seen: string; marking?: Tlp; to(content: PlanContent): PlanContent },
): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    await lockPlan(tx, planId)
    const plan = await getPlan({ ...services, db: tx }, viewer, planId)
    if (plan.writings.some(({ id }) => id === change.id)) return
    if (plan.latest.id !== change.seen) throw new Refusal('preparedness.changed-meanwhile')
    const content = change.to(plan.latest.content)
    requireSound(content)
    await insert(services, viewer, tx, {
      id: change.id,
      plan: plan.id,
      marking: change.marking ?? plan.latest.marking,
      content,
    })
  })
  services.live.publish(`plan:${planId}`)
}

async function insert(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { content, ...row }: { id: string; plan: string; marking: Tlp; content: PlanContent },
): Promise<void> {
  const leave = mayLeave({ tlp: row.marking }, { exit: 'page', reader: atHome(services, viewer) })
  if (!leave.allowed) throw new Refusal('preparedness.marking-above-reader', { field: 'marking' })
  await tx
    .insertInto('home.preparedness_writing')
    .values({
      ...row,
      content: JSON.stringify(content),
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

/**
 * A second person brings a writing into force as it lay before them.
 *
 * @throws Refusal `preparedness.own-plan`, `preparedness.changed-meanwhile`, `preparedness.no-steps`
 */
export async function approvePlan(services: Services, viewer: Viewer, planId: string, seen: string): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    await lockPlan(tx, planId)
    const plan = await getPlan({ ...services, db: tx }, viewer, planId)
    if (plan.versions.at(-1)?.id === seen) return
    if (plan.pending?.id !== seen) throw new Refusal('preparedness.changed-meanwhile')
    if (plan.hands.includes(viewer.person.id)) throw new Refusal('preparedness.own-plan')
    if (plan.pending.content.steps.length === 0) throw new Refusal('preparedness.no-steps')
    await tx
      .insertInto('home.preparedness_version')
      .values({
        plan: plan.id,
        number: plan.next,
        writing: seen,
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .execute()
  })
  services.live.publish(`plan:${planId}`)
}

/** One change of a plan at a time. */
export async function lockPlan(tx: Tx, plan: string): Promise<void> {
  await tx.selectFrom('home.preparedness_writing').select('id').where('id', '=', plan).forUpdate().execute()
}
