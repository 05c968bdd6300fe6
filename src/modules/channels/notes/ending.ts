import { cancelClock, fulfil } from '../../../core/clocks/index.ts'
import type { ProjectedAct } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { NoteRow } from '../queries.ts'
import { requestClocks } from '../requests/request-kinds.ts'
import '../tables.ts'

export type Ending = 'returned' | 'withdrawn' | 'superseded'

export function findNote(tx: Tx, space: string, hash: string): Promise<NoteRow | undefined> {
  return tx
    .selectFrom('view.channels_note')
    .selectAll()
    .where('space', '=', space)
    .where('hash', '=', hash)
    .executeTakeFirst()
}

/** From this act on the note stands no longer, and nobody owes anything about it. */
export async function endNote(
  tx: Tx,
  act: ProjectedAct,
  { note, as, ground }: { note: NoteRow; as: Ending; ground?: string },
): Promise<void> {
  await tx
    .updateTable('view.channels_note')
    .set({ ended: as, ended_by: act.hash, ended_at: act.scenarioTime, ground: ground ?? null })
    .where('space', '=', act.space.id)
    .where('hash', '=', note.hash)
    .execute()
  // Who returns a note has received it.
  if (as === 'returned') await fulfil(tx, act, { about: note.hash, regime: 'acknowledge' })
  for (const regime of ['acknowledge', 'reply'])
    await cancelClock(tx, act, { about: note.hash, regime, duty: note.addressee })
  for (const regime of [requestClocks.deliver, requestClocks.resume, requestClocks.followUp])
    await cancelClock(tx, act, { about: note.hash, regime, duty: 'anyone' })
}
