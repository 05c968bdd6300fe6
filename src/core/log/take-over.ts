import type { Envelope } from '../../protocol/types.ts'
import { appendTakeover, type SequencerContext } from './sequencer.ts'

/** What became of an attempt to order a space from here on. */
export type TakenOver =
  | { state: 'hosting'; size: number; root: string }
  | { state: 'refused'; rule: string; detail: string }

/**
 * Makes this node the host of a space it holds: appends the acts that say so at
 * the end of its log and signs the same tree under its own origin and key.
 *
 * @param envelopes - `space.host-changed`, in the order in which they are to stand; together they must take effect.
 */
export async function takeOver(
  context: SequencerContext,
  space: string,
  envelopes: readonly Envelope[],
): Promise<TakenOver> {
  const { db, states, gate } = context
  const refused = (rule: string): TakenOver => ({ state: 'refused', rule, detail: space })
  const written = await db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('log.space').selectAll().where('space', '=', space).forUpdate().executeTakeFirst()
    if (!row) return refused('not-here')
    if (row.hosted) return { state: 'hosting' as const, size: row.size, root: '' }
    if (row.frozen) return refused('frozen')
    if (await gate.isShutNow(space)) return refused('gate-shut')
    return appendTakeover(context, tx, row, envelopes)
  })
  if ('state' in written) return written
  if ('refused' in written) return { state: 'refused', rule: written.refused, detail: written.detail }
  const { state } = written.head!
  const { size, root } = state.admission
  states.keep(state)
  await gate.ensure([{ space, size, root }])
  if (written.fresh) context.committed?.(space, written.fresh)
  return { state: 'hosting', size, root }
}
