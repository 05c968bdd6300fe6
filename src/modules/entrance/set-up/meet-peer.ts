import { Refusal } from '../../../core/http/index.ts'
import type { Peer } from '../../../core/module/types.ts'
import type { SetUpContext } from './context.ts'
import { keepProgress } from './progress.ts'

/** Fetches what the other side says of itself; nothing is believed yet. */
export async function introducePeer({ services: { peers } }: SetUpContext, url: string): Promise<Peer> {
  if (!peers) throw new Refusal('set-up-order')
  return peers.introduce(url)
}

/** Pins a peer whose fingerprint was heard and typed. @throws Refusal `fingerprint-differs` */
export async function pinPeer(
  { services: { peers, db } }: SetUpContext,
  { party, how, fingerprint, by }: { party: string; how: string; fingerprint: string; by: string },
): Promise<void> {
  if (!peers) throw new Refusal('set-up-order')
  await peers.pin(party, { person: by, how, fingerprint })
  await keepProgress(db, 'peer', { party })
}

/** There is nobody to meet yet; it stays on the list of what is open. */
export async function meetNobody({ services: { db } }: SetUpContext): Promise<void> {
  await keepProgress(db, 'peer', { none: true })
}
