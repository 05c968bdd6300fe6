import type { LogLedger, MemberKeys, SpaceHead } from '../log/index.ts'
import { NoAnswer, notHere } from './route.ts'
import { isId } from '../../protocol/index.ts'

/**
 * The space a request names, if whoever asks may have it. Registers are public.
 *
 * @throws {NoAnswer} For a stranger 401, for a peer that is no member 404: the same whether the space exists or not.
 */
export async function requireSpace(ledger: LogLedger, space: string, peer: string | undefined): Promise<SpaceHead> {
  const here = await findHere(ledger, space)
  if (here?.head.kind === 'register') return here.head
  if (peer === undefined) throw new NoAnswer(401, 'the request is not signed')
  // A host that is no member orders it all the same, and asks what others hold before it signs again.
  if (here?.head.host === peer) return here.head
  return onlyMembers(here, peer, (member) => isLeaving(member, here?.head.size))
}

/** As {@link requireMembership}, also for a party that orders the space or did, member or not. */
export async function requireHostOnce(ledger: LogLedger, space: string, peer: string): Promise<SpaceHead> {
  const here = await findHere(ledger, space)
  if (here && (await ledger.hosts(space)).some(({ party }) => party === peer)) return here.head
  return onlyMembers(here, peer)
}

/** While the entry that ended a membership is the newest, who left may fetch it: then it knows, and gets no more. */
export function isLeaving({ until }: { until?: number }, size: number | undefined): boolean {
  return until !== undefined && size === until + 1
}

/** As {@link requireSpace}, and the peer must be a member: registers are written by their party alone. */
export async function requireMembership(ledger: LogLedger, space: string, peer: string): Promise<SpaceHead> {
  return onlyMembers(await findHere(ledger, space), peer)
}

type Here = Awaited<ReturnType<LogLedger['headWithMembers']>>

async function findHere(ledger: LogLedger, space: string): Promise<Here> {
  return isId(space) ? ledger.headWithMembers(space) : undefined
}

function onlyMembers(
  here: Here,
  peer: string,
  isStillServed: (member: MemberKeys) => boolean = () => false,
): SpaceHead {
  const member = here?.members.find(({ party }) => party === peer)
  if (!here || !member || (member.until !== undefined && !isStillServed(member))) throw notHere()
  return here.head
}
