import { verifyActsAhead } from '../../protocol/index.ts'
import { batchLimit, type Read, type SequencerContext } from './sequencing/batch.ts'
import { actsOf, readHanded } from './sequencing/handed.ts'
import { Line } from './sequencing/line.ts'
import type { Handed, Sequenced } from './types.ts'

export { appendTakeover } from './sequencing/append-takeover.ts'
export type { SequencerContext } from './sequencing/batch.ts'

/**
 * Host path of the spaces: everything handed in for a space while a batch is under way goes into the next one.
 * Answers leave after commit and guard.
 */
export function createSequencer(context: SequencerContext): {
  sequence(space: string, handed: readonly Handed[]): Promise<Sequenced[]>
  idle(): Promise<void>
} {
  const lines = new Map<string, Line>()
  return {
    async sequence(space, handed) {
      if (handed.length > batchLimit) throw new RangeError(`at most ${batchLimit} acts at once`)
      if (handed.length === 0) return []
      const read = handed.map(readHanded)
      if (read.length > 1 || lines.has(space)) await verifyAhead(context, space, read)
      const line = lines.get(space) ?? new Line(context, space, () => lines.delete(space))
      lines.set(space, line)
      return line.sequence(read)
    },
    async idle() {
      await Promise.all([...lines.values()].map((line) => line.idle()))
    },
  }
}

/** Signatures are checked aside while an earlier batch is written; one act alone is not worth the way. */
async function verifyAhead(
  { states, checkSignatures }: SequencerContext,
  space: string,
  read: readonly Read[],
): Promise<void> {
  const admission = states.recall(space)?.admission
  if (!admission || !checkSignatures) return
  const signed = actsOf(read).flatMap((act) => {
    const key = admission.members.get(act.statement.author)?.keys.find(({ kid }) => kid === act.kid)
    return key ? [{ act, publicKey: key.key }] : []
  })
  await verifyActsAhead(signed, checkSignatures)
}
