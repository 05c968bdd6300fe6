import type { Tx } from '../../core/storage/types.ts'

/** Notes and checks count as answered when another member had the answer, as their clocks do; never before they were there. */
export async function keptSince(tx: Tx, { space, act, at }: { space: string; act: string; at: number }): Promise<void> {
  await tx
    .updateTable('view.channels_check')
    .set((q) => ({ answered_at: q.fn<number>('greatest', ['called_at', q.val(at)]) }))
    .where('space', '=', space)
    .where('answered_by', '=', act)
    .where('answered_at', '>', at)
    .execute()
  await tx
    .updateTable('view.channels_note')
    .set((q) => ({ acknowledged_at: q.fn<number>('greatest', ['sent_at', q.val(at)]) }))
    .where('space', '=', space)
    .where('acknowledged_by', '=', act)
    .where('acknowledged_at', '>', at)
    .execute()
  await tx
    .updateTable('view.channels_note')
    .set((q) => ({ answered_at: q.fn<number>('greatest', ['sent_at', q.val(at)]) }))
    .where('space', '=', space)
    .where('answered_by', '=', act)
    .where('answered_at', '>', at)
    .execute()
  await tx
    .updateTable('view.channels_note')
    .set((q) => ({ ended_at: q.fn<number>('greatest', ['sent_at', q.val(at)]) }))
    .where('space', '=', space)
    .where('ended_by', '=', act)
    .where('ended_at', '>', at)
    .execute()
}
