import { sha256 } from '../../protocol/index.ts'
import type { Marking } from '../../protocol/types.ts'
import { Refusal } from '../http/refusal.ts'
import type { Json, Services, Submission, Viewer } from '../module/types.ts'
import { footingOf, requireFooting } from './footing.ts'
import './tables.ts'

/** A step our party can take once about one act: acknowledging a note, confirming minutes, joining as sponsor. */
export interface Step {
  space: string
  /** Act type that takes the step. */
  type: string
  /** Act the step is about. */
  about: string
  /** Tells steps of one type about one act apart, e.g. the bracket and wording proposed. */
  item?: string
  body: Json
  text?: Json
  marking: Marking
  /** How long to wait for lines on what the step rests on, ms. */
  waitMs?: number
}

type StepServices = Pick<Services, 'db' | 'clock' | 'outbox' | 'people' | 'party' | 'ledger' | 'finality' | 'modules'>

/** Lines of members that are there come within a second. */
const usualWaitMs = 2_000

/**
 * Takes an exclusive step and returns how far its act has come.
 *
 * The act id is computed from the step, so a second click, a retry after a
 * restart and the other officer all name the same act.
 *
 * @throws Refusal `footing-not-witnessed` if what it rests on has not come far enough; nothing is signed.
 * @throws Refusal `step-taken` with `by` if a colleague took the step first; show who, do not retry.
 */
export async function takeStep(services: StepServices, viewer: Viewer, step: Step): Promise<Submission> {
  const { db, clock, outbox, people, party } = services
  const footing = await footingOf(services, step, step.waitMs ?? usualWaitMs)
  requireFooting(footing)
  const key = `${step.type}:${step.about}:${step.item ?? ''}`
  const signed = await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('home.intent')
      .values({ key, person: viewer.person.id, at: clock.now() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const { person } = await tx
      .selectFrom('home.intent')
      .select('person')
      .where('key', '=', key)
      .executeTakeFirstOrThrow()
    if (person !== null && person !== viewer.person.id)
      throw new Refusal('step-taken', { by: (await people.find(person))?.name ?? person })
    return outbox.enqueue(tx, {
      space: step.space,
      type: step.type,
      id: stepId(party, step.space, key),
      office: viewer.office.id,
      body: footing?.body ?? step.body,
      ...(step.text !== undefined && { text: step.text }),
      marking: step.marking,
      refs: [{ act: step.about }],
    })
  })
  const submission = await outbox.settle(signed.hash)
  if (submission.state === 'refused')
    throw new Refusal('step-not-recorded', { rule: submission.rule, detail: submission.detail })
  return submission
}

function stepId(party: string, space: string, key: string): string {
  const named = new TextEncoder().encode(`${party}\n${space}\n${key}`)
  return Buffer.from(sha256(named)).toString('hex').slice(0, 32)
}
