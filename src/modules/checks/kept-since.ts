import type { Tx } from '../../core/storage/types.ts'
import './tables.ts'

/** Challenges count as answered when another member had the answer, as their clocks do; never before they were there. */
export async function keptSince(tx: Tx, { space, act, at }: { space: string; act: string; at: number }): Promise<void> {
  await tx
    .updateTable('view.checks_challenge')
    .set((q) => ({ answered_at: q.fn<number>('greatest', ['sent_at', q.val(at)]) }))
    .where('space', '=', space)
    .where('answered_by', '=', act)
    .where('answered_at', '>', at)
    .execute()
}
