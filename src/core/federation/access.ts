import type { LogLedger, SpaceHead } from '../log/index.ts'
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
  if (!head || !await isMember(ledger, space, peer)) throw notHere()
  return head
}

/** As {@link requireSpace}, and the peer must be a member: registers are written by their party alone. */
export async function requireMembership(ledger: LogLedger, space: string, peer: string): Promise<SpaceHead> {
  const head = await requireSpace(ledger, space, peer)
  if (!await isMember(ledger, space, peer)) throw notHere()
  return head
}

async function isMember(ledger: LogLedger, space: string, party: string): Promise<boolean> {
  return (await ledger.members(space)).some((member) => member.party === party && member.until === undefined)
}
