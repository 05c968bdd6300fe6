import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import * as acts from '../acts.ts'
import { talkKinds } from '../agreed.ts'
import '../tables.ts'
import { endNote, findNote } from './ending.ts'

type Of<S extends z.ZodType> = ProjectedAct<z.infer<S>>

async function projectReturned(tx: Tx, act: Of<typeof acts.noteReturnedBody>): Promise<Effect> {
  const note = await findNote(tx, act.space.id, act.body.note)
  if (!note) return { withoutEffect: 'no-such-note' }
  if (note.addressee !== act.statement.author) return { withoutEffect: 'returned-by-others' }
  if (note.ended) return { withoutEffect: 'note-ended' }
  if (note.answered_by) return { withoutEffect: 'answered-before' }
  await endNote(tx, act, { note, as: 'returned', ground: act.body.ground })
  return undefined
}

async function projectWithdrawn(tx: Tx, act: Of<typeof acts.noteWithdrawnBody>): Promise<Effect> {
  const note = await findNote(tx, act.space.id, act.body.note)
  if (!note) return { withoutEffect: 'no-such-note' }
  if (note.author !== act.statement.author) return { withoutEffect: 'not-ours-to-change' }
  if (note.ended) return { withoutEffect: 'note-ended' }
  await endNote(tx, act, { note, as: 'withdrawn' })
  return undefined
}

async function projectCorrected(tx: Tx, act: Of<typeof acts.noteCorrectedBody>): Promise<Effect> {
  const note = await findNote(tx, act.space.id, act.body.note)
  if (!note) return { withoutEffect: 'no-such-note' }
  if (note.author !== act.statement.author) return { withoutEffect: 'not-ours-to-change' }
  if (note.ended) return { withoutEffect: 'note-ended' }
  await tx
    .insertInto('view.channels_correction')
    .values({ space: act.space.id, hash: act.hash, note: note.hash, idx: act.index, at: act.scenarioTime })
    .execute()
  return undefined
}

export const noteStateActs: readonly ActDefinition[] = [
  {
    type: 'channels.note-returned',
    body: acts.noteReturnedBody,
    text: acts.remarksText,
    kinds: talkKinds,
    who: 'the addressee of the note',
    requires: 'the note is on the record, without a final reply, and neither returned, withdrawn nor superseded',
    effect: 'the note is returned, not accepted, with the ground; nothing is owed about it any more',
    clock: 'meets acknowledge, cancels reply',
    release: 'two-person',
    project: projectReturned,
  },
  {
    type: 'channels.note-corrected',
    body: acts.noteCorrectedBody,
    text: acts.correctionsText,
    kinds: talkKinds,
    who: 'the author of the note',
    requires: 'the note is on the record and neither returned, withdrawn nor superseded',
    effect: 'the note stands as corrected; its own words stay readable',
    release: 'two-person',
    project: projectCorrected,
  },
  {
    type: 'channels.note-withdrawn',
    body: acts.noteWithdrawnBody,
    text: acts.remarksText,
    kinds: talkKinds,
    who: 'the author of the note',
    requires: 'the note is on the record and neither returned, withdrawn nor superseded',
    effect: 'the note stands no longer and stays readable; nothing is owed about it any more',
    clock: 'cancels acknowledge and reply',
    release: 'two-person',
    project: projectWithdrawn,
  },
]
