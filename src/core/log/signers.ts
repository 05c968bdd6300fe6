import type { AdmissionState } from '../../protocol/index.ts'
import type { Identity, NodeKey } from '../identity/types.ts'

// Each space counts the keys that its own acts brought in: after a rotation ours differ from space to space for a while.

/**
 * The key our acts in this space are judged by. When the space counts none of
 * those we hold, the newest: some member has to bring it in first.
 */
export function actKeyOf(identity: Identity, { members }: Pick<AdmissionState, 'members'>): NodeKey {
  const alive = members.get(identity.party)?.keys.filter(({ until }) => until === undefined) ?? []
  for (const { key } of alive.toReversed()) {
    const held = identity.held(key)
    if (held) return held
  }
  return identity.keys.act
}

/** The key under which members know our cosignatures in this space. */
export function cosignerKeyOf(identity: Identity, { members }: Pick<AdmissionState, 'members'>): NodeKey {
  return identity.held(members.get(identity.party)?.cosigner ?? '') ?? identity.keys.cosigner
}

/**
 * The key that checkpoints and refusals of a space hosted here must carry.
 *
 * @throws Error when this node does not hold it: then it may not sign for the space
 */
export function hostKeyOf(identity: Identity, host: { origin: string; key: string }): NodeKey {
  const key = identity.held(host.key)
  if (!key) throw new Error(`this node does not hold the host key of ${host.origin}; nothing signed`)
  return key
}
