import { formerNodeKey, newestOf } from '../identity/index.ts'
import type { KeysOptions } from './types.ts'

/** So long a peer that was off may not know our new node key. */
const formerNodeMs = 30 * 86_400_000

/**
 * Removes private keys that no space counts any more: what is not here cannot
 * be stolen. Sealing keys stay, because what was sealed to them must open, and
 * the key that signs our register, which has no other. The node key before the
 * newest one stays for a while.
 */
export async function forgetEndedKeys({ identity, ledger, clock }: KeysOptions): Promise<number> {
  const register = await ledger.register(identity.register)
  if (!register) return 0
  const counted = new Set([register.host])
  for (const { space, hosted, hostKey } of await ledger.heads()) {
    if (hosted) counted.add(hostKey)
    const own = (await ledger.members(space)).find(({ party }) => party === identity.party)
    for (const { key } of own?.act ?? []) counted.add(key)
    if (own) counted.add(own.cosigner)
  }
  const content = identity.ring.content()
  const { signing } = content
  const former = formerNodeKey(content)
  if (former && clock.now() - newestOf(content, 'node').made < formerNodeMs) counted.add(former.publicKey)
  const isNewest = (place: number) => signing.findLastIndex(({ use }) => use === signing[place]?.use) === place
  const ended = signing.filter(({ publicKey }, place) => !counted.has(publicKey) && !isNewest(place))
  if (ended.length === 0) return 0
  const gone = new Set(ended.map(({ publicKey }) => publicKey))
  await identity.ring.change((content) => ({
    ...content,
    signing: content.signing.filter(({ publicKey }) => !gone.has(publicKey)),
  }))
  return gone.size
}
