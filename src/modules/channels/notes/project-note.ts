import type { z } from 'zod'
import { fulfil, startClock } from '../../../core/clocks/index.ts'
import type { ActDefinition, Effect, ProjectedAct, SpaceFacts } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import * as acts from '../acts.ts'
import { agreedWithin, correspondentOf, talkKinds } from '../agreed.ts'
import { requestClocks, requestKind, takersOf } from '../requests/request-kinds.ts'
import '../tables.ts'
import { endNote, findNote } from './ending.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

function isActive(space: SpaceFacts, party: string): boolean {
  return space.members.some((member) => member.party === party && member.until === undefined)
}

/** A member; or the party without a node for which its only member opened the space. */
function canBeAddressed(space: SpaceFacts, party: string): boolean {
  return isActive(space, party) || correspondentOf(space) === party
}

async function projectNote(tx: Tx, act: Of<typeof acts.noteBody>): Promise<Effect> {
  const { body, space, statement } = act
  if (body.addressee === statement.author || !canBeAddressed(space, body.addressee))
    return { withoutEffect: 'addressee-not-here' }
  // A sender cannot put a sovereign on a clock: `agreed` must stand in the terms of the space.
  if (body.deadline?.source === 'agreed' && agreedWithin(space, body.deadline.what) !== body.deadline.within)
    return { withoutEffect: 'deadline-not-agreed' }
  const misdirected = requestFault(body)
  if (misdirected) return misdirected
  const answered = body.inReplyTo === undefined ? undefined : await findNote(tx, space.id, body.inReplyTo)
  if (body.inReplyTo !== undefined && (!answered || answered.addressee !== statement.author))
    return { withoutEffect: 'not-a-reply-to-us' }
  const superseded = body.supersedes === undefined ? undefined : await findNote(tx, space.id, body.supersedes)
  if (body.supersedes !== undefined) {
    if (superseded?.author !== statement.author || superseded.addressee !== body.addressee)
      return { withoutEffect: 'not-ours-to-change' }
    if (superseded.ended) return { withoutEffect: 'note-ended' }
  }

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
      ended: null,
      ended_by: null,
      ended_at: null,
      ground: null,
      supersedes: body.supersedes ?? null,
      opened_by: null,
      opened_at: null,
      request_kind: body.request?.kind ?? null,
    })
    .execute()

  await meetWithRequest(tx, act)
  if (superseded) await endNote(tx, act, { note: superseded, as: 'superseded' })
  if (answered) return settleAnswered(tx, act, answered.hash)
  await startNoteClocks(tx, act)
  return undefined
}

/** Why a request is none: its kind and contacts do not fit by the edition it names, which every node knows alike. */
function requestFault({ form, request }: acts.NoteBody): Effect {
  if ((form === 'request') !== (request !== undefined)) return { withoutEffect: 'request-incomplete' }
  if (!request) return undefined
  const kind = requestKind(request.kind, request.edition)
  if (!kind) return { withoutEffect: 'request-edition-unknown' }
  if (request.overrules !== undefined) return undefined
  return takersOf(kind, request.from.kind).includes(request.to.kind)
    ? undefined
    : { withoutEffect: 'request-misdirected' }
}

/** A request in writing ends the duty to confirm what was asked orally, and the one to follow up what is kept for it. */
async function meetWithRequest(tx: Tx, act: Of<typeof acts.noteBody>): Promise<void> {
  const { request } = act.body
  if (!request) return
  for (const { act: about } of act.statement.refs ?? []) {
    for (const regime of [requestClocks.confirmInWriting, requestClocks.followUp])
      await fulfil(tx, act, { about, regime, item: request.kind })
  }
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

export const noteActs: readonly ActDefinition[] = [
  {
    type: 'channels.note-sent',
    body: acts.noteBody,
    text: acts.noteText,
    kinds: talkKinds,
    who: 'a member, to another member or to the party without a node that the terms name',
    requires:
      'the addressee is a member, or the correspondent of a space with one member; a reply answers a note addressed to its author; an agreed deadline stands in the terms; a request goes between the contacts of its kind, or says why it does not; what it supersedes is a note of its author to the same party, neither returned, withdrawn nor superseded',
    effect: 'a note on the record; a reply settles the note it answers; what it supersedes stands no longer',
    clock:
      'acknowledge (terms of the space), reply (as the note says, with its source); a request meets confirm-in-writing and follow-up of what it refers to',
    release: 'two-person',
    project: projectNote,
    search: {
      references: ({ number, yourRef }: acts.NoteBody) => [number, yourRef],
      addressees: ({ addressee }: acts.NoteBody) => [addressee],
      forms: acts.noteForms,
      form: ({ form }: acts.NoteBody) => form,
    },
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
]
