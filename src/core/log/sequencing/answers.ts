import { inclusionNodes, inclusionPath, type Receipt, signRefusal, toBase64url } from '../../../protocol/index.ts'
import type { Reader } from '../../storage/types.ts'
import { readNodes } from '../nodes.ts'
import { hostKeyOf } from '../signers.ts'
import { requireSoundFacts } from '../sound-facts.ts'
import type { SpaceState } from '../space-state.ts'
import type { Sequenced } from '../types.ts'
import type { Decided, Read, SequencerContext, Written } from './batch.ts'
import { tellCommitted } from './tell-committed.ts'

/** Answers of a batch that is committed, once this node's guard knows what it signed. */
export async function answerBatch(
  context: SequencerContext,
  space: string,
  read: readonly Read[],
  written: Written,
): Promise<Sequenced[]> {
  if (written.last) {
    await context.gate.handOver({ space, ...written.last })
    context.handedOver?.(space)
  }
  if (written.head) {
    const { size, root } = written.head.state.admission
    await context.gate.ensure([{ space, size, root }])
    tellCommitted(context, written)
  }
  await doubtRefusals(context, space, read, written)
  const receipts = await receiptsOf(context.db, space, written)
  const host = written.head?.state.admission.host
  return read.map(({ hash }, at) => answerOf(context, { space, hash, host }, written.decided[at] as Decided, receipts))
}

/** A refusal is signed only if what it says of the record is so. */
async function doubtRefusals(
  { db, states }: SequencerContext,
  space: string,
  read: readonly Read[],
  { decided, head }: Written,
): Promise<void> {
  const size = head?.state.admission.size
  if (size === undefined) return
  const refused = decided.flatMap((one, at) => {
    const handed = read[at]
    if (one.state !== 'refused' || !handed || !('act' in handed)) return []
    return [{ rule: one.rule, seen: handed.act.statement.seen.size }]
  })
  await states.guarding(space, () => requireSoundFacts(db, { space, size }, refused))
}

/** Receipts by index, all under the newest checkpoint. */
async function receiptsOf(db: Reader, space: string, { decided, head }: Written): Promise<Map<number, Receipt>> {
  const onRecord = decided.flatMap((one) => (one.state === 'on-record' ? [one] : []))
  if (!head || onRecord.length === 0) return new Map()
  const {
    tree,
    admission: { size },
  } = head.state
  const old = onRecord.filter((one) => one.repeated && !isFresh(decided, one.index)).map((one) => one.index)
  const nodes = await readNodes(
    db,
    space,
    old.flatMap((index) => inclusionNodes(index, size)),
  )
  return new Map(
    onRecord.map(({ index }) => {
      const path = old.includes(index)
        ? inclusionPath(index, size, nodes.get).map((hash) => toBase64url(hash))
        : tree.path(index)
      return [index, { index, checkpoint: head.note, path }]
    }),
  )
}

function isFresh(decided: readonly Decided[], index: number): boolean {
  return decided.some((one) => one.state === 'on-record' && !one.repeated && one.index === index)
}

function answerOf(
  { identity, clock }: SequencerContext,
  { space, hash, host }: { space: string; hash: string; host?: SpaceState['admission']['host'] },
  decided: Decided,
  receipts: Map<number, Receipt>,
): Sequenced {
  switch (decided.state) {
    case 'unavailable':
      return { ...decided, hash }
    case 'on-record':
      return { ...decided, hash, receipt: receipts.get(decided.index) as Receipt }
    case 'refused': {
      const { rule } = decided
      const detail = decided.detail.slice(0, 500).toWellFormed()
      const refusal = signRefusal(
        { v: 1, space, act: hash, rule, detail, at: clock.now() },
        host ? hostKeyOf(identity, host) : identity.keys.host,
      )
      return { state: 'refused', hash, rule, detail, refusal }
    }
  }
}
