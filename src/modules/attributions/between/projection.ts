import { cancelClock, fulfil, startClock } from '../../../core/clocks/index.ts'
import { prose } from '../../../core/module/fields.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { talkKinds } from '../../channels/index.ts'
import * as acts from './acts.ts'
import '../tables.ts'

/** Regime of the clock that a statement starts when it asks for an answer. */
export const replyRegime = 'attribution-reply'

async function projectStated(tx: Tx, act: ProjectedAct<acts.StatedBody>): Promise<Effect> {
  const { body, space, statement } = act
  const { reply, replaces } = body
  const wrong = reply && wrongReply(act, reply)
  if (wrong) return wrong
  if (replaces !== undefined) {
    const older = await findStated(tx, space.id, replaces)
    if (older?.author !== statement.author || older.withdrawn_by !== null || older.replaced_by !== null)
      return { withoutEffect: 'cannot-be-replaced' }
    await tx
      .updateTable('view.attributions_stated')
      .set({ replaced_by: act.hash, replaced_at: act.scenarioTime })
      .where('space', '=', space.id)
      .where('hash', '=', older.hash)
      .execute()
    await cancelClock(tx, act, { about: older.hash, regime: replyRegime, duty: 'anyone' })
  }
  await tx
    .insertInto('view.attributions_stated')
    .values({
      space: space.id,
      hash: act.hash,
      act_id: statement.id,
      idx: act.index,
      author: statement.author,
      choice: body.choice,
      basis: body.basis,
      kind: body.kind,
      at: act.scenarioTime,
      replaced_by: null,
      replaced_at: null,
      withdrawn_by: null,
      withdrawn_at: null,
    })
    .execute()
  if (reply)
    await startClock(tx, act, {
      regime: replyRegime,
      source: reply.source,
      duty: reply.of,
      within: reply.within,
      about: act.hash,
      zone: space.terms.zone ?? 'Etc/UTC',
    })
  return undefined
}

/** Nobody is put on a clock by the word of another: an agreed term is the one of the space. */
function wrongReply(
  { space, statement }: ProjectedAct,
  { of, source, within }: NonNullable<acts.StatedBody['reply']>,
): Effect {
  const isThere = space.members.some((one) => one.party === of && one.until === undefined && one.role !== 'observer')
  if (!isThere || of === statement.author) return { withoutEffect: 'addressee-not-here' }
  return source === 'agreed' && space.terms.replyWithin !== within
    ? { withoutEffect: 'deadline-not-agreed' }
    : undefined
}

const findStated = (tx: Tx, space: string, hash: string) =>
  tx
    .selectFrom('view.attributions_stated')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()

/** The statement another party can answer or contest; else why not. */
async function answerable(tx: Tx, { space, statement }: ProjectedAct, named: string): Promise<Effect> {
  const stated = await findStated(tx, space.id, named)
  if (!stated) return { withoutEffect: 'no-such-statement' }
  if (stated.author === statement.author) return { withoutEffect: 'own-statement' }
  return stated.withdrawn_by === null ? undefined : { withoutEffect: 'statement-withdrawn' }
}

async function projectAnswered(tx: Tx, act: ProjectedAct<acts.AnsweredBody>): Promise<Effect> {
  const { statement, answer } = act.body
  const wrong = await answerable(tx, act, statement)
  if (wrong) return wrong
  await tx
    .insertInto('view.attributions_answer')
    .values({
      space: act.space.id,
      hash: act.hash,
      idx: act.index,
      statement,
      author: act.statement.author,
      answer,
      at: act.scenarioTime,
    })
    .execute()
  await fulfil(tx, act, { about: statement, regime: replyRegime })
  return undefined
}

async function projectContested(tx: Tx, act: ProjectedAct<acts.ContestedBody>): Promise<Effect> {
  const { statement, ground } = act.body
  const wrong = await answerable(tx, act, statement)
  if (wrong) return wrong
  await tx
    .insertInto('view.attributions_contest')
    .values({
      space: act.space.id,
      hash: act.hash,
      idx: act.index,
      statement,
      author: act.statement.author,
      ground,
      at: act.scenarioTime,
      withdrawn_by: null,
      withdrawn_at: null,
    })
    .execute()
  await fulfil(tx, act, { about: statement, regime: replyRegime })
  return undefined
}

async function projectWithdrawn(tx: Tx, act: ProjectedAct<acts.WithdrawnBody>): Promise<Effect> {
  const { space, body, statement } = act
  for (const table of ['view.attributions_stated', 'view.attributions_contest'] as const) {
    const row = await tx
      .selectFrom(table)
      .select(['author', 'withdrawn_by'])
      .where('space', '=', space.id)
      .where('hash', '=', body.act)
      .executeTakeFirst()
    if (!row) continue
    if (row.author !== statement.author) return { withoutEffect: 'not-its-author' }
    if (row.withdrawn_by !== null) return { withoutEffect: 'withdrawn-before' }
    await tx
      .updateTable(table)
      .set({ withdrawn_by: act.hash, withdrawn_at: act.scenarioTime })
      .where('space', '=', space.id)
      .where('hash', '=', body.act)
      .execute()
    await cancelClock(tx, act, { about: body.act, regime: replyRegime, duty: 'anyone' })
    return undefined
  }
  return { withoutEffect: 'no-such-statement' }
}

const kinds = talkKinds
/** In a bulletin one party speaks to everybody. */
const withBulletin = [...talkKinds, 'bulletin'] as const

/** What parties say to each other about who did it. */
export const betweenActs: readonly ActDefinition[] = [
  {
    type: 'attributions.attribution-stated',
    body: acts.statedBody,
    text: acts.statedText,
    kinds: withBulletin,
    who: 'any member',
    requires:
      'what it replaces is a statement of its author that stands; an answer is asked of another member, `agreed` only within the term replyWithin',
    effect:
      'who did it as its author affirms, defers or declines to say, with basis, likelihood, confidence and evidence',
    clock: 'attribution-reply: the party asked, within the term named; cancels that of what it replaces',
    release: 'two-person',
    project: projectStated,
  },
  {
    type: 'attributions.attribution-answered',
    body: acts.answeredBody,
    text: acts.stepText,
    kinds,
    who: 'any member but the author of the statement',
    requires: 'the statement is not withdrawn',
    effect: 'its author concurs, takes note, rejects, or asks that it be substantiated; its newest answer counts',
    clock: 'ends attribution-reply',
    release: 'two-person',
    project: projectAnswered,
  },
  {
    type: 'attributions.attribution-contested',
    body: acts.contestedBody,
    text: prose,
    kinds,
    who: 'any member but the author of the statement',
    requires: 'the statement is not withdrawn',
    effect: 'the statement is shown as contested by this party, with the ground',
    clock: 'ends attribution-reply',
    release: 'two-person',
    project: projectContested,
  },
  {
    type: 'attributions.attribution-withdrawn',
    body: acts.withdrawnBody,
    text: acts.stepText,
    kinds: withBulletin,
    who: 'the author of what is withdrawn',
    requires: 'a statement or a contest that is not withdrawn yet',
    effect: 'it does not stand any more; what it said stays on the record',
    clock: 'cancels attribution-reply',
    release: 'two-person',
    project: projectWithdrawn,
  },
]
