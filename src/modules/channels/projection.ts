import type { z } from 'zod'
import { fulfil, startClock } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import { agreedWithin, talkKinds } from './agreed.ts'
import { noteActs } from './notes/project-note.ts'
import { noteStateActs } from './notes/project-states.ts'
import { noteOpenedAct } from './delivery/note-opened.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

async function projectMinutes(tx: Tx, act: Of<typeof acts.minutesBody>): Promise<Effect> {
  const { space, statement, body } = act
  await tx
    .insertInto('view.channels_minutes')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      on_date: body.on,
      zone: body.zone,
    })
    .execute()
  await confirm(tx, act, act.hash)
  const within = agreedWithin(space, 'confirm')
  if (within === undefined) return undefined
  for (const member of space.members)
    if (member.party !== statement.author && member.role !== 'observer' && member.until === undefined)
      await startClock(tx, act, {
        regime: 'confirm-minutes',
        source: 'agreed',
        duty: member.party,
        within,
        about: act.hash,
        zone: body.zone,
      })
  return undefined
}

async function projectMinutesConfirmed(tx: Tx, act: Of<typeof acts.minutesConfirmedBody>): Promise<Effect> {
  const minutes = await tx
    .selectFrom('view.channels_minutes')
    .select('hash')
    .where('space', '=', act.space.id)
    .where('hash', '=', act.body.minutes)
    .executeTakeFirst()
  if (!minutes) return { withoutEffect: 'no-such-minutes' }
  if (!(await confirm(tx, act, minutes.hash))) return { withoutEffect: 'already-confirmed' }
  await fulfil(tx, act, { about: minutes.hash, regime: 'confirm-minutes' })
  return undefined
}

async function confirm(tx: Tx, act: ProjectedAct, minutes: string): Promise<boolean> {
  const inserted = await tx
    .insertInto('view.channels_minutes_confirmation')
    .values({ space: act.space.id, minutes, party: act.statement.author, hash: act.hash, at: act.scenarioTime })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(inserted.numInsertedOrUpdatedRows ?? 0) === 1
}

async function projectCheck(tx: Tx, act: Of<typeof acts.checkCalledBody>): Promise<Effect> {
  const { space, statement, body } = act
  await tx
    .insertInto('view.channels_check')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      called_at: act.scenarioTime,
      answered_by: null,
      answered_party: null,
      answered_at: null,
    })
    .execute()
  for (const member of space.members)
    if (member.party !== statement.author && member.role !== 'observer' && member.until === undefined)
      await startClock(tx, act, {
        regime: 'check',
        source: agreedWithin(space, 'check') === body.within ? 'agreed' : 'requested',
        duty: member.party,
        within: body.within,
        about: act.hash,
        zone: space.terms.zone ?? 'Etc/UTC',
      })
  return undefined
}

async function projectCheckAnswered(tx: Tx, act: Of<typeof acts.checkAnsweredBody>): Promise<Effect> {
  const check = await tx
    .selectFrom('view.channels_check')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('hash', '=', act.body.check)
    .executeTakeFirst()
  if (!check) return { withoutEffect: 'no-such-check' }
  if (check.author === act.statement.author) return { withoutEffect: 'own-check' }
  if (check.answered_by) return { withoutEffect: 'already-answered' }
  await tx
    .updateTable('view.channels_check')
    .set({ answered_by: act.hash, answered_party: act.statement.author, answered_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', check.hash)
    .execute()
  await fulfil(tx, act, { about: check.hash, regime: 'check' })
  return undefined
}

async function projectOffer(tx: Tx, act: Of<typeof acts.offerBody>): Promise<Effect> {
  await tx
    .insertInto('view.channels_offer')
    .values({
      space: act.space.id,
      hash: act.hash,
      idx: act.index,
      author: act.statement.author,
      kind: act.body.kind,
      accepted_by: null,
      accepted_party: null,
      accepted_at: null,
    })
    .execute()
  return undefined
}

async function projectOfferAccepted(tx: Tx, act: Of<typeof acts.offerAcceptedBody>): Promise<Effect> {
  const offer = await tx
    .selectFrom('view.channels_offer')
    .selectAll()
    .where('space', '=', act.space.id)
    .where('hash', '=', act.body.offer)
    .executeTakeFirst()
  if (!offer) return { withoutEffect: 'no-such-offer' }
  if (offer.author === act.statement.author) return { withoutEffect: 'own-offer' }
  if (offer.accepted_by) return { withoutEffect: 'already-accepted' }
  await tx
    .updateTable('view.channels_offer')
    .set({ accepted_by: act.hash, accepted_party: act.statement.author, accepted_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', offer.hash)
    .execute()
  return undefined
}

export const channelActs: readonly ActDefinition[] = [
  ...noteActs,
  ...noteStateActs,
  noteOpenedAct,
  {
    type: 'channels.minutes-proposed',
    body: acts.minutesBody,
    text: acts.minutesText,
    kinds: talkKinds,
    who: 'a member',
    requires: 'nothing',
    effect: 'minutes wait for confirmation by the other members',
    clock: 'confirm-minutes (terms of the space)',
    release: 'one-person',
    project: projectMinutes,
  },
  {
    type: 'channels.minutes-confirmed',
    body: acts.minutesConfirmedBody,
    kinds: talkKinds,
    who: 'a member',
    requires: 'the minutes are on the record and not yet confirmed by this party',
    effect: 'this party confirms the minutes as they stand',
    release: 'direct',
    project: projectMinutesConfirmed,
  },
  {
    type: 'channels.check-called',
    body: acts.checkCalledBody,
    kinds: ['channel'],
    who: 'a member of the channel',
    requires: 'nothing',
    effect: 'a communication check; it carries no message',
    clock: 'check',
    release: 'direct',
    project: projectCheck,
  },
  {
    type: 'channels.check-answered',
    body: acts.checkAnsweredBody,
    kinds: ['channel'],
    who: 'another member than the caller',
    requires: 'the check is on the record and unanswered',
    effect: 'the channel is known to work',
    release: 'direct',
    project: projectCheckAnswered,
  },
  {
    type: 'channels.offer-made',
    body: acts.offerBody,
    text: acts.offerText,
    kinds: talkKinds,
    who: 'a member',
    requires: 'nothing',
    effect: 'an offer stands on the record',
    release: 'one-person',
    project: projectOffer,
  },
  {
    type: 'channels.offer-accepted',
    body: acts.offerAcceptedBody,
    kinds: talkKinds,
    who: 'another member than the one who offers',
    requires: 'the offer is on the record and not accepted',
    effect: 'the offer is accepted',
    release: 'direct',
    project: projectOfferAccepted,
  },
]
