import { Refusal } from '../http/refusal.ts'
import type { Draft, Viewer } from '../module/types.ts'
import type { DraftServices } from './context.ts'
import { currentApproval, findSpace, lockDraft, readDraft } from './draft-row.ts'
import { footingOf } from './footing.ts'

/**
 * Waits until what a draft rests on has come far enough and puts the proof of it into the draft. The words stay as
 * they are; since the proof is signed too, what was approved before is approved anew.
 *
 * @throws Refusal `draft.not-found`, `draft.held` once it is released.
 */
export async function groundDraft(services: DraftServices, viewer: Viewer, id: string, waitMs: number): Promise<Draft> {
  const found = await services.db.selectFrom('home.draft').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw new Refusal('draft.not-found')
  const mayTouch = found.hands.includes(viewer.person.id) || viewer.may(`${found.type}:draft`, found.office)
  if (!mayTouch && !viewer.may(`${found.type}:release`)) throw new Refusal('not-permitted')
  const footing = await footingOf(services, found, waitMs)
  const space = await findSpace(services, found.space)
  return services.db.transaction().execute(async (tx) => {
    const row = await lockDraft(tx, id)
    if (row.state !== 'drafting' && row.state !== 'awaiting-release') throw new Refusal('draft.held')
    const isSame = row.approval === found.approval && footing?.met && footing.body !== found.body
    if (!isSame) return readDraft(tx, row)
    const approval = await currentApproval(tx, { ...row, body: footing.body }, space)
    const saved = await tx
      .updateTable('home.draft')
      .set({ body: JSON.stringify(footing.body), approval, updated_at: services.clock.now() })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    return readDraft(tx, saved)
  })
}
