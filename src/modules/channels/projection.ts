import type { z } from 'zod'
import { fulfil, startClock } from '../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct, SpaceFacts } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import * as acts from './acts.ts'
import './tables.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

const talkKinds = ['case', 'channel', 'negotiation'] as const

function isActive(space: SpaceFacts, party: string): boolean {
  return space.members.some((member) => member.party === party && member.until === undefined)
}

/** Terms of the space that put a duty on the addressee: `acknowledgeWithin`, `replyWithin`, `confirmWithin`. */
function agreedWithin(space: SpaceFacts, what: string): string | undefined {
  return space.terms[`${what}Within`]
}

async function projectNote(tx: Tx, act: Of<typeof acts.noteBody>): Promise<Effect> {
  const { body, space, statement } = act
  if (body.addressee === statement.author || !isActive(space, body.addressee))
    return { withoutEffect: 'addressee-not-here' }
  // A sender cannot put a sovereign on a clock: `agreed` must stand in the terms of the space.
  if (body.deadline?.source === 'agreed' && agreedWithin(space, body.deadline.what) !== body.deadline.within)
    return { withoutEffect: 'deadline-not-agreed' }
  const answered = body.inReplyTo === undefined ? undefined : await findNote(tx, space.id, body.inReplyTo)
  if (body.inReplyTo !== undefined && (!answered || answered.addressee !== statement.author))
    return { withoutEffect: 'not-a-reply-to-us' }

  await tx
    .insertInto('view.channels_note')
    .values({
      space: space.id,
      hash: act.hash,
      idx: act.index,
      author: statement.author,
      form: body.form,
      number: body.number,
      your_ref: body.yourRef ?? null,
      purpose: body.purpose,
      addressee: body.addressee,
      in_reply_to: body.inReplyTo ?? null,
      reply_kind: body.replyKind ?? null,
      sent_at: act.scenarioTime,
      acknowledged_by: null,
      acknowledged_office: null,
      acknowledged_at: null,
      answered_by: null,
      answered_at: null,
    })
    .execute()

  if (answered) return settleAnswered(tx, act, answered.hash)
  await startNoteClocks(tx, act)
  return undefined
}

async function startNoteClocks(tx: Tx, act: Of<typeof acts.noteBody>): Promise<void> {
  const { body, space } = act
  const zone = space.terms.zone ?? 'Etc/UTC'
  const acknowledge = agreedWithin(space, 'acknowledge')
  if (acknowledge !== undefined)
    await startClock(tx, act, {
      regime: 'acknowledge',
      source: 'agreed',
      duty: body.addressee,
      within: acknowledge,
      about: act.hash,
      zone,
    })
  const { deadline } = body
  if (!deadline || (deadline.what === 'acknowledge' && acknowledge !== undefined)) return
  await startClock(tx, act, {
    regime: deadline.what,
    source: deadline.source,
    duty: body.addressee,
    within: deadline.within,
    about: act.hash,
    zone,
  })
}

/** A reply of any kind shows receipt; only a final or declining one ends the duty to reply. */
async function settleAnswered(tx: Tx, act: Of<typeof acts.noteBody>, answered: string): Promise<Effect> {
  await fulfil(tx, act, { about: answered, regime: 'acknowledge' })
  if (act.body.replyKind === 'interim') return undefined
  await fulfil(tx, act, { about: answered, regime: 'reply' })
  await tx
    .updateTable('view.channels_note')
    .set({ answered_by: act.hash, answered_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', answered)
    .where('answered_by', 'is', null)
    .execute()
  return undefined
}

function findNote(tx: Tx, space: string, hash: string) {
  return tx
    .selectFrom('view.channels_note')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

async function projectAcknowledgement(tx: Tx, act: Of<typeof acts.noteAcknowledgedBody>): Promise<Effect> {
  const note = await findNote(tx, act.space.id, act.body.note)
  if (!note) return { withoutEffect: 'no-such-note' }
  if (note.addressee !== act.statement.author) return { withoutEffect: 'not-the-addressee' }
  if (note.acknowledged_by) return { withoutEffect: 'already-acknowledged' }
  await tx
    .updateTable('view.channels_note')
    .set({ acknowledged_by: act.hash, acknowledged_office: act.statement.office, acknowledged_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', note.hash)
    .execute()
  await fulfil(tx, act, { about: note.hash, regime: 'acknowledge' })
  return undefined
}

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
  {
    type: 'channels.note-sent',
    body: acts.noteBody,
    text: acts.noteText,
    kinds: talkKinds,
    who: 'a member, to another member',
    requires:
      'the addressee is a member; a reply answers a note addressed to its author; an agreed deadline stands in the terms',
    effect: 'a note on the record; a reply settles the note it answers',
    clock: 'acknowledge (terms of the space), reply (as the note says, with its source)',
    release: 'two-person',
    project: projectNote,
  },
  {
    type: 'channels.note-acknowledged',
    body: acts.noteAcknowledgedBody,
    kinds: talkKinds,
    who: 'the addressee of the note',
    requires: 'the note is on the record and not acknowledged',
    effect: 'received and in hand; accepts no fact and no claim',
    release: 'direct',
    project: projectAcknowledgement,
  },
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
