import { readEnvelope } from './acts.ts'
import { admit } from './admit.ts'
import { isMemberAt } from './admission-state.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Replay } from './replay.ts'
import { readTenderReceipt, type TenderReceipt } from './tender-receipts.ts'
import type { Envelope } from './types.ts'

/** A host that could have put an act on the record, was told of it, and went on without it. */
export interface IgnoredAct {
  /** Act hash. */
  act: string
  author: string
  host: string
  /** Members that held it and carried it, and since when (ms), earliest first. */
  heldBy: { party: string; at: number }[]
  /** The first entry that the host ordered after the grace: index and its own time for it, ms. */
  wentOn: { index: number; time: number }
  size: number
}

/** What a member that carries an act gives a host before it says that the host ignores it. ms. */
export const ignoredGraceMs = 60 * 60 * 1000

/**
 * Whether a host-signed log shows that its host ignored a tendered act.
 *
 * Members other than author and host must have held it, and the host must have ordered something at least
 * `graceMs` later by its own clock without it, although the rules let it stand there. The host answers such an
 * accusation with its signed refusal of this act; whoever judges asks for that first.
 *
 * @param replay - The log verified up to a checkpoint of the host.
 * @throws ProtocolError `tender-shape` if the act or the receipts say nothing, `not-ignored` if the host is in order.
 */
export function judgeIgnored(
  replay: Replay,
  tendered: { envelope: Envelope; receipts: readonly Envelope[]; graceMs?: number },
): IgnoredAct {
  const { state, entries } = replay
  const act = readEnvelope(tendered.envelope)
  const { author } = act.statement
  if (entries.some((entry) => entry.act.hash === act.hash))
    throw new ProtocolError('not-ignored', 'it is on the record')
  const heldBy = holders(replay, act.hash, tendered.receipts).filter(
    ({ by }) => by !== author && by !== state.host.party,
  )
  const [first] = heldBy
  if (!first) throw new ProtocolError('tender-shape', 'no member besides author and host vouches for it')
  // What a former host ordered says nothing of this one.
  const hostSince = state.hosts.at(-1)?.from ?? 0
  const afterMs = first.at + (tendered.graceMs ?? ignoredGraceMs)
  const wentOn = entries.find(({ index, time }) => index >= Math.max(first.seen.size, hostSince) && time > afterMs)
  if (!wentOn) throw new ProtocolError('not-ignored', 'the host ordered nothing after the grace')
  const verdict = admit(
    state,
    { time: state.time, act },
    {
      sameId: entries.find(({ act: { statement } }) => statement.author === author && statement.id === act.statement.id)
        ?.act.hash,
      rootAtSeen: replay.rootAt(act.statement.seen.size),
      afterMissing: (act.statement.after ?? []).filter((hash) => !entries.some((entry) => entry.act.hash === hash)),
    },
  )
  if (verdict.verdict !== 'admissible') throw new ProtocolError('not-ignored', `it could not stand: ${verdict.rule}`)
  return {
    act: act.hash,
    author,
    host: state.host.party,
    heldBy: heldBy.map(({ by, at }) => ({ party: by, at })),
    wentOn: { index: wentOn.index, time: wentOn.time },
    size: state.size,
  }
}

/** Receipts that hold, the earliest of each member that still belongs. */
function holders({ state, rootAt }: Replay, act: string, receipts: readonly Envelope[]): TenderReceipt[] {
  const earliest = new Map<string, TenderReceipt>()
  for (const envelope of receipts) {
    const receipt = readTenderReceipt(envelope, (party) => state.members.get(party)?.keys ?? [])
    if (receipt?.act !== act || receipt.space !== state.space) continue
    if (!isMemberAt(state, receipt.by, state.size)) continue
    // A receipt that names another history speaks about another log.
    if (rootAt(receipt.seen.size) !== receipt.seen.root) continue
    if ((earliest.get(receipt.by)?.at ?? Number.POSITIVE_INFINITY) > receipt.at) earliest.set(receipt.by, receipt)
  }
  return [...earliest.values()].sort((a, b) => a.at - b.at)
}
