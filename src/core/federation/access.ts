import type { LogLedger, MemberKeys, SpaceHead } from '../log/index.ts'
import { NoAnswer, notHere } from './route.ts'
import { isId } from '../../protocol/index.ts'

/**
 * The space a request names, if whoever asks may have it. Registers are public.
 *
 * @throws {NoAnswer} For a stranger 401, for a peer that is no member 404: the same whether the space exists or not.
 */
export async function requireSpace(ledger: LogLedger, space: string, peer: string | undefined): Promise<SpaceHead> {
  const head = isId(space) ? await ledger.head(space) : undefined
  if (head?.kind === 'register') return head
  if (peer === undefined) throw new NoAnswer(401, 'the request is not signed')
  // A host that is no member orders it all the same, and asks what others hold before it signs again.
  if (head?.host === peer) return head
  return onlyMembers(ledger, head, peer, (member) => isLeaving(member, head?.size))
}

/** As {@link requireMembership}, also for a party that orders the space or did, member or not. */
export async function requireHostOnce(ledger: LogLedger, space: string, peer: string): Promise<SpaceHead> {
  const head = isId(space) ? await ledger.head(space) : undefined
  if (head && (await ledger.hosts(space)).some(({ party }) => party === peer)) return head
  return onlyMembers(ledger, head, peer)
}

/** While the entry that ended a membership is the newest, who left may fetch it: then it knows, and gets no more. */
export function isLeaving({ until }: { until?: number }, size: number | undefined): boolean {
  return until !== undefined && size === until + 1
}

/** As {@link requireSpace}, and the peer must be a member: registers are written by their party alone. */
export async function requireMembership(ledger: LogLedger, space: string, peer: string): Promise<SpaceHead> {
  return onlyMembers(ledger, isId(space) ? await ledger.head(space) : undefined, peer)
}

async function onlyMembers(
  ledger: LogLedger,
  head: SpaceHead | undefined,
  peer: string,
  isStillServed: (member: MemberKeys) => boolean = () => false,
): Promise<SpaceHead> {
  const member = head && (await ledger.members(head.space)).find(({ party }) => party === peer)
  if (!head || !member || (member.until !== undefined && !isStillServed(member))) throw notHere()
  return head
}
