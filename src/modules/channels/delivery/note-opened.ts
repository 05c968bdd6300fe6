import type { z } from 'zod'
import type { ActDefinition, Effect, ProjectedAct } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { noteOpenedBody } from '../acts.ts'
import { reportsOpening, talkKinds } from '../agreed.ts'
import { findNote } from '../notes/ending.ts'
import '../tables.ts'

async function projectOpened(tx: Tx, act: ProjectedAct<z.infer<typeof noteOpenedBody>>): Promise<Effect> {
  if (!reportsOpening(act.space)) return { withoutEffect: 'opening-not-agreed' }
  const note = await findNote(tx, act.space.id, act.body.note)
  if (!note) return { withoutEffect: 'no-such-note' }
  if (note.addressee !== act.statement.author) return { withoutEffect: 'opened-by-others' }
  if (note.opened_by) return { withoutEffect: 'already-opened' }
  await tx
    .updateTable('view.channels_note')
    .set({ opened_by: act.hash, opened_at: act.scenarioTime })
    .where('space', '=', act.space.id)
    .where('hash', '=', note.hash)
    .execute()
  return undefined
}

export const noteOpenedAct: ActDefinition = {
  type: 'channels.note-opened',
  body: noteOpenedBody,
  kinds: talkKinds,
  who: 'the addressee of the note, by its node',
  requires: 'the terms of the space report opening; the note is on the record and was not reported as opened',
  effect: 'the note was opened by somebody at the addressee’s; says nothing of who, and accepts nothing',
  technical: true,
  release: 'direct',
  project: projectOpened,
}
