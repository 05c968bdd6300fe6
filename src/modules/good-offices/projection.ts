import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import { mediatorOf, type OfficeSpace, officeSpace } from './roles.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

/** Judged from the space alone: which of the three it is, who speaks, and whether the good offices go on in it. */
async function misplaced(
  tx: Tx,
  { space, statement }: ProjectedAct,
  wanted: { in: OfficeSpace; by: 'mediator' | 'side' | 'anybody' },
): Promise<Effect> {
  if (officeSpace(space) !== wanted.in) return { withoutEffect: 'not-here' }
  const isMediator = statement.author === mediatorOf(space)
  if (wanted.by !== 'anybody' && isMediator !== (wanted.by === 'mediator'))
    return { withoutEffect: 'not-theirs-to-say' }
  const state = await tx
    .selectFrom('view.good_offices_state')
    .select('ended_by')
    .where('space', '=', space.id)
    .executeTakeFirst()
  return state?.ended_by ? { withoutEffect: 'has-ended' } : undefined
}

async function projectConsented(tx: Tx, act: Of<typeof acts.consentedBody>): Promise<Effect> {
  const fault = await misplaced(tx, act, { in: 'confidence', by: 'side' })
  if (fault) return fault
  const row = { space: act.space.id, consented_by: act.hash, consented_at: act.scenarioTime }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('view.good_offices_state')
    .values({ ...row, ended_by: null, ended_party: null, ended_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n ? undefined : { withoutEffect: 'said-before' }
}

async function projectSaid(tx: Tx, act: Of<typeof acts.saidBody>): Promise<Effect> {
  const fault = await misplaced(tx, act, { in: 'confidence', by: 'anybody' })
  if (fault) return fault
  await insertSaid(tx, act, act.body.passing)
  return undefined
}

async function projectPassedOn(tx: Tx, act: Of<typeof acts.passedOnBody>): Promise<Effect> {
  const fault = await misplaced(tx, act, { in: 'confidence', by: 'mediator' })
  if (fault) return fault
  await insertSaid(tx, act, null)
  return undefined
}

async function insertSaid(tx: Tx, act: ProjectedAct, passing: string | null): Promise<void> {
  await tx
    .insertInto('view.good_offices_said')
    .values({
      space: act.space.id,
      hash: act.hash,
      idx: act.index,
      author: act.statement.author,
      passing,
      allowed_by: null,
      at: act.scenarioTime,
    })
    .execute()
}

async function projectAllowed(tx: Tx, act: Of<typeof acts.passingAllowedBody>): Promise<Effect> {
  const fault = await misplaced(tx, act, { in: 'confidence', by: 'side' })
  if (fault) return fault
  const { numUpdatedRows } = await tx
    .updateTable('view.good_offices_said')
    .set({ allowed_by: act.hash })
    .where('space', '=', act.space.id)
    .where('hash', '=', act.body.said)
    .where('author', '=', act.statement.author)
    .where('allowed_by', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? undefined : { withoutEffect: 'nothing-to-allow' }
}

async function projectTabled(tx: Tx, act: Of<typeof acts.tabledBody>): Promise<Effect> {
  const fault = await misplaced(tx, act, { in: 'joint', by: 'mediator' })
  if (fault) return fault
  const { body, space } = act
  const newest = await tx
    .selectFrom('view.good_offices_text')
    .select((q) => q.fn.max('version').as('version'))
    .where('space', '=', space.id)
    .executeTakeFirst()
  if (body.version !== (newest?.version ?? 0) + 1) return { withoutEffect: 'not-the-next-version' }
  await tx
    .insertInto('view.good_offices_text')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      version: body.version,
      text_hash: body.hash,
      open_brackets: body.openBrackets,
      at: act.scenarioTime,
      agreed_by: null,
      agreed_at: null,
    })
    .execute()
  return undefined
}

async function projectAnswered(tx: Tx, act: Of<typeof acts.answeredBody>): Promise<Effect> {
  const fault = await misplaced(tx, act, { in: 'confidence', by: 'side' })
  if (fault) return fault
  const { body, space, statement } = act
  await tx
    .insertInto('view.good_offices_answer')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      party: statement.author,
      text: body.text,
      text_hash: body.hash,
      answer: body.answer,
      at: act.scenarioTime,
    })
    .execute()
  return undefined
}

async function projectAgreed(tx: Tx, act: Of<typeof acts.agreedBody>): Promise<Effect> {
  const fault = await misplaced(tx, act, { in: 'joint', by: 'mediator' })
  if (fault) return fault
  const { numUpdatedRows } = await tx
    .updateTable('view.good_offices_text')
    .set({ agreed_by: act.hash, agreed_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', act.body.text)
    .where('text_hash', '=', act.body.hash)
    .where('open_brackets', '=', 0)
    .where('agreed_by', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows === 1n ? undefined : { withoutEffect: 'not-to-be-agreed' }
}

async function projectEnded(tx: Tx, act: Of<typeof acts.endedBody>): Promise<Effect> {
  const where = officeSpace(act.space) ?? 'joint'
  const fault = await misplaced(tx, act, { in: where, by: where === 'joint' ? 'mediator' : 'anybody' })
  if (fault) return fault
  const ended = { ended_by: act.hash, ended_party: act.statement.author, ended_at: act.scenarioTime }
  await tx
    .insertInto('view.good_offices_state')
    .values({ space: act.space.id, consented_by: null, consented_at: null, ...ended })
    .onConflict((conflict) => conflict.column('space').doUpdateSet(ended))
    .execute()
  return undefined
}

const kinds = ['channel'] as const

export const goodOfficesActs: readonly ActDefinition[] = [
  {
    type: 'good-offices.offer-taken',
    body: acts.consentedBody,
    kinds,
    who: 'a side, in its confidence with the mediator',
    requires: 'once, while the good offices go on there',
    effect: 'this side takes the good offices; says nothing of the other',
    release: 'direct',
    standsAlone: true,
    project: projectConsented,
  },
  {
    type: 'good-offices.confidence-said',
    body: acts.saidBody,
    text: acts.saidText,
    kinds,
    who: 'the mediator or the side, in their confidence',
    requires: 'the good offices go on there',
    effect: 'said in confidence, with the wish whether it may be passed on',
    release: 'two-person',
    project: projectSaid,
  },
  {
    type: 'good-offices.passing-allowed',
    body: acts.passingAllowedBody,
    kinds,
    who: 'the side that said it',
    requires: 'what it said stands there and was not allowed before',
    effect: 'the mediator may pass it on',
    release: 'direct',
    project: projectAllowed,
  },
  {
    type: 'good-offices.passed-on',
    body: acts.passedOnBody,
    text: acts.saidText,
    kinds,
    who: 'the mediator, in its confidence with a side',
    requires: 'the good offices go on there',
    effect: 'the side learns what the mediator passes on, in the mediator’s words; where they come from is not in it',
    release: 'one-person',
    project: projectPassedOn,
  },
  {
    type: 'good-offices.text-tabled',
    body: acts.tabledBody,
    text: acts.tabledText,
    kinds,
    who: 'the mediator, in the joint space',
    requires: 'the version after the newest',
    effect: 'a version of the single text before both sides, by the mediator’s hand, with brackets where they differ',
    release: 'one-person',
    project: projectTabled,
  },
  {
    type: 'good-offices.text-answered',
    body: acts.answeredBody,
    text: acts.remarksText,
    kinds,
    who: 'a side, in its confidence with the mediator',
    requires: 'the good offices go on there',
    effect: 'what this side says of a version, for the mediator alone; its newest word counts',
    release: 'two-person',
    project: projectAnswered,
  },
  {
    type: 'good-offices.text-agreed',
    body: acts.agreedBody,
    kinds,
    who: 'the mediator, in the joint space',
    requires: 'the version stands there with that hash and without open brackets',
    effect: 'the mediator says that both sides accept the version; neither is bound before it agrees to a joint text',
    release: 'direct',
    standsAlone: true,
    project: projectAgreed,
  },
  {
    type: 'good-offices.mediation-ended',
    body: acts.endedBody,
    text: acts.remarksText,
    kinds,
    who: 'the mediator anywhere, a side in its confidence',
    requires: 'they have not ended there',
    effect: 'nothing more of the good offices counts in this space',
    release: 'one-person',
    project: projectEnded,
  },
]
