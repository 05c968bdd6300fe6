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
  const content = identity.ring.content()
  const { signing } = content
  const kept = new Set([register.host])
  const former = formerNodeKey(content)
  if (former && clock.now() - newestOf(content, 'node').made < formerNodeMs) kept.add(former.publicKey)
  const isNewest = (place: number) => signing.findLastIndex(({ use }) => use === signing[place]?.use) === place
  const old = signing.filter(({ publicKey }, place) => !kept.has(publicKey) && !isNewest(place))
  const uncounted = new Set(old.map(({ publicKey }) => publicKey))
  // Most nodes have no older key, and need not look into their spaces at all.
  const heads = uncounted.size === 0 ? [] : await ledger.heads()
  for (const { space, hosted, hostKey } of heads) {
    if (uncounted.size === 0) break
    if (hosted) uncounted.delete(hostKey)
    const own = (await ledger.members(space)).find(({ party }) => party === identity.party)
    for (const { key } of own?.act ?? []) uncounted.delete(key)
    if (own) uncounted.delete(own.cosigner)
  }
  const ended = old.filter(({ publicKey }) => uncounted.has(publicKey))
  if (ended.length === 0) return 0
  const gone = new Set(ended.map(({ publicKey }) => publicKey))
  await identity.ring.change((content) => ({
    ...content,
    signing: content.signing.filter(({ publicKey }) => !gone.has(publicKey)),
  }))
  return gone.size
}
