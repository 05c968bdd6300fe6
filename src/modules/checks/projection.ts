import { sql } from 'kysely'
import type { z } from 'zod'
import { fulfil, startClock } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct, SpaceFacts } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import { dueInOpenings } from './due-in-openings.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

export const networkKinds = ['forum', 'directory'] as const

function json<T>(value: T): T {
  return sql`${JSON.stringify(value)}::jsonb` as unknown as T
}

/** Parties that take part now; observers only read. */
export const activeParties = (space: SpaceFacts): string[] =>
  space.members.filter(({ role, until }) => role !== 'observer' && until === undefined).map(({ party }) => party)

/** Regime of the duty to answer: a challenge to the deputy is one of its own. */
export const regimeOf = (attempt: string): string => (attempt === 'deputy' ? 'deputy-challenge' : 'challenge')

async function projectAnnouncement(tx: Tx, act: Of<typeof acts.campaignAnnouncedBody>): Promise<Effect> {
  const { body, space } = act
  const inserted = await tx
    .insertInto('view.checks_announcement')
    .values({
      space: space.id,
      round: body.round,
      hash: act.hash,
      idx: act.index,
      author: act.statement.author,
      opens_at: body.opensAt,
      closes_at: body.closesAt,
      within: body.within,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(inserted.numInsertedOrUpdatedRows) === 1 ? undefined : { withoutEffect: 'already-announced' }
}

async function projectChallenge(tx: Tx, act: Of<typeof acts.challengeSentBody>): Promise<Effect> {
  const { body, space, statement } = act
  const [addressee, ...more] = activeParties(space).filter((party) => party !== statement.author)
  if (addressee === undefined || more.length > 0) return { withoutEffect: 'not-between-two' }
  const dueAt = dueInOpenings(act.scenarioTime, body.within, body.openings)
  const inserted = await tx
    .insertInto('view.checks_challenge')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      addressee,
      round: body.round,
      attempt: body.attempt,
      contact: body.contact,
      within: body.within,
      openings: json(body.openings),
      sent_at: act.scenarioTime,
      due_at: dueAt,
      answered_by: null,
      answered_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(inserted.numInsertedOrUpdatedRows) !== 1) return { withoutEffect: 'already-challenged' }
  await startClock(tx, act, {
    regime: regimeOf(body.attempt),
    // A sender cannot put a sovereign on a clock: agreed is what the terms of the channel say.
    source: space.terms.checkWithin === body.within ? 'agreed' : 'requested',
    duty: addressee,
    dueAt,
    about: act.hash,
    item: body.contact,
  })
  return undefined
}

/** One answer settles the round: what was asked again meanwhile waits for nothing more. */
async function projectAnswer(tx: Tx, act: Of<typeof acts.challengeAnsweredBody>): Promise<Effect> {
  const { space, statement } = act
  const challenge = await tx
    .selectFrom('view.checks_challenge')
    .selectAll()
    .where('space', '=', space.id)
    .where('hash', '=', act.body.challenge)
    .executeTakeFirst()
  if (!challenge) return { withoutEffect: 'no-such-challenge' }
  if (challenge.addressee !== statement.author) return { withoutEffect: 'not-the-addressee' }
  if (challenge.answered_by) return { withoutEffect: 'already-answered' }
  const settled = await tx
    .updateTable('view.checks_challenge')
    .set({ answered_by: act.hash, answered_at: act.scenarioTime })
    .where('space', '=', space.id)
    .where('author', '=', challenge.author)
    .where('round', '=', challenge.round)
    .where('answered_by', 'is', null)
    .returning(['hash', 'attempt'])
    .execute()
  for (const { hash, attempt } of settled) await fulfil(tx, act, { about: hash, regime: regimeOf(attempt) })
  return undefined
}

async function projectResult(tx: Tx, act: Of<typeof acts.resultsPublishedBody>): Promise<Effect> {
  const { body, space, statement } = act
  const announcement = await tx
    .selectFrom('view.checks_announcement')
    .select('author')
    .where('space', '=', space.id)
    .where('round', '=', body.round)
    .executeTakeFirst()
  if (announcement && announcement.author !== statement.author) return { withoutEffect: 'not-the-organiser' }
  if (act.scenarioTime < body.closesAt) return { withoutEffect: 'not-yet-closed' }
  const inserted = await tx
    .insertInto('view.checks_result')
    .values({
      space: space.id,
      round: body.round,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      opens_at: body.opensAt,
      closes_at: body.closesAt,
      within: body.within,
      asked: body.figures?.asked ?? null,
      at_least: body.figures?.answered.from ?? null,
      at_most: body.figures?.answered.to ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(inserted.numInsertedOrUpdatedRows) === 1 ? undefined : { withoutEffect: 'already-published' }
}

export const checkActs: readonly ActDefinition[] = [
  {
    type: 'checks.campaign-announced',
    body: acts.campaignAnnouncedBody,
    kinds: networkKinds,
    who: 'a member of the network',
    requires: 'the round was not announced before',
    effect: 'all members know that communication checks will be made, and between which days; not whom they ask',
    release: 'direct',
    project: projectAnnouncement,
  },
  {
    type: 'checks.challenge-sent',
    body: acts.challengeSentBody,
    kinds: ['channel'],
    who: 'a member of a channel of two',
    requires: 'the channel has two members; the same attempt of a round is made once',
    effect: 'a communication check of a campaign; it carries no message',
    clock: 'challenge, deputy-challenge (counted in the hours that the contact promised)',
    release: 'direct',
    standsAlone: true,
    project: projectChallenge,
  },
  {
    type: 'checks.challenge-answered',
    body: acts.challengeAnsweredBody,
    kinds: ['channel'],
    who: 'the party that was challenged',
    requires: 'the challenge is on the record and unanswered',
    effect: 'the party is known to answer; settles every challenge of the round',
    release: 'direct',
    project: projectAnswer,
  },
  {
    type: 'checks.results-published',
    body: acts.resultsPublishedBody,
    kinds: networkKinds,
    who: 'who announced the round; any member for one that was not announced',
    requires: 'the round is over and its results were not published; figures show no single party',
    effect: 'how many were asked and answered in time, told so that nobody can conclude what a single party did',
    release: 'direct',
    project: projectResult,
  },
]
