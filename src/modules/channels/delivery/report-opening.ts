import { createHash } from 'node:crypto'
import type { Services, ShownAct, Viewer } from '../../../core/module/types.ts'
import type { NoteBody, NoteText } from '../acts.ts'
import { reportsOpening } from '../agreed.ts'
import { listNotes } from '../queries.ts'

/**
 * Says to the sender, once per note, that somebody here was shown its words. Only where the space agreed on it when it
 * was opened: nothing else in this house says so.
 */
export async function reportOpening(
  { db, outbox, party }: Pick<Services, 'db' | 'outbox' | 'party'>,
  viewer: Viewer,
  shown: readonly ShownAct<NoteBody, NoteText>[],
): Promise<void> {
  const toUs = shown.filter(
    ({ space, act, content }) =>
      reportsOpening(space) &&
      act.statement.type === 'channels.note-sent' &&
      content?.body?.addressee === party &&
      content.text !== undefined,
  )
  const notes = await listNotes(
    db,
    toUs.map(({ act }) => act.hash),
  )
  for (const { space, act } of toUs) {
    if (!notes.has(act.hash) || notes.get(act.hash)?.opened_by !== null) continue
    await db.transaction().execute((tx) =>
      outbox.enqueue(tx, {
        space: space.id,
        type: 'channels.note-opened',
        // The same for every reader and process of this node: it is said once.
        id: createHash('sha256').update(`chancery/note-opened ${act.hash}`).digest('hex').slice(0, 32),
        office: viewer.office.id,
        body: { note: act.hash },
        marking: act.statement.marking,
        refs: [{ act: act.hash }],
      }),
    )
  }
}
