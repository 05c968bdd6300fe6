import type { Tx } from '../../core/storage/types.ts'
import './tables.ts'

/** A step counts as taken when another member had it; never before what it is about was there. */
export async function keptSince(tx: Tx, { space, act, at }: { space: string; act: string; at: number }): Promise<void> {
  await tx
    .updateTable('view.assistance_step as s')
    .set((q) => ({
      at: q.fn<number>('greatest', [
        q.val(at),
        q.selectFrom('view.channels_note as n').select('n.sent_at').whereRef('n.hash', '=', 's.request').limit(1),
      ]),
    }))
    .where('s.space', '=', space)
    .where('s.hash', '=', act)
    .where('s.at', '>', at)
    .execute()
  for (const [by, column] of [
    ['taken_by', 'taken_at'],
    ['disposed_by', 'disposed_at'],
  ] as const)
    await tx
      .updateTable('view.assistance_execution')
      .set({ [column]: at })
      .where('space', '=', space)
      .where(by, '=', act)
      .where(column, '>', at)
      .execute()
}
