import { Refusal } from '../../core/http/refusal.ts'
import type { Json, Services, Submission, Viewer } from '../../core/module/types.ts'
import type { Marking } from '../../protocol/index.ts'
import { sha256 } from '../../protocol/index.ts'
import './tables.ts'

/** An exclusive step of our party about one act: acknowledging a note, confirming minutes. */
export interface Step {
  space: string
  /** Act type that takes the step. */
  type: string
  /** Act the step is about. */
  about: string
  body: Json
  marking: Marking
}

/**
 * Takes a step that our party can take once, and returns how far the act has come.
 *
 * The act id is computed from the step, so a second click, a retry after a
 * restart and the other officer all name the same act.
 *
 * @throws Refusal `channels-taken` with `by` if a colleague took the step first; show who, do not retry.
 */
export async function takeStep(services: Services, viewer: Viewer, step: Step): Promise<Submission> {
  const { db, clock, outbox } = services
  const signed = await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('home.channels_taken')
      .values({ act: step.about, step: step.type, person: viewer.person.id, at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const taken = await tx
      .selectFrom('home.channels_taken')
      .selectAll()
      .where('act', '=', step.about)
      .where('step', '=', step.type)
      .executeTakeFirstOrThrow()
    if (taken.person !== viewer.person.id)
      throw new Refusal('channels-taken', { by: (await services.people.find(taken.person))?.name ?? taken.person })
    return outbox.enqueue(tx, {
      space: step.space,
      type: step.type,
      id: stepId(services.party, step),
      office: viewer.office.id,
      body: step.body,
      marking: step.marking,
      refs: [{ act: step.about }],
    })
  })
  return outbox.settle(signed.hash)
}

function stepId(party: string, step: Step): string {
  const named = new TextEncoder().encode(`${party}\n${step.space}\n${step.type}\n${step.about}`)
  return Buffer.from(sha256(named)).toString('hex').slice(0, 32)
}
