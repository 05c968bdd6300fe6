import { fromBase64url, leafHash, registerFingerprint, signingKey, toBase64url } from '../../protocol/index.ts'
import { type KeyRing, openKeyRing, type ReadSecret } from './key-ring.ts'
import { KeysLocked } from './keys-locked.ts'
import { readPartyFile } from './party-file.ts'
import type { Secret } from './protection.ts'
import { formerNodeKey, type KeyUse, newestOf } from './ring-content.ts'
import { keysFolder } from './ring-file.ts'
import type { Identity, NodeKey } from './types.ts'

/** Rings this process has unlocked, by data folder: set-up and the running node write one and the same. */
const rings = new Map<string, KeyRing>()

/**
 * The party of a data folder, its keys unlocked.
 *
 * @param readSecret - Asked only when the keys are protected.
 * @throws Error when it was not founded yet or a file is damaged, {@link KeysLocked} without the right secret.
 */
export async function loadIdentity(dataDir: string, readSecret?: ReadSecret): Promise<Identity> {
  const folder = keysFolder(dataDir)
  const file = await readPartyFile(folder)
  if (!file) throw new Error(`${folder} holds no party`)
  const { party, names, register, founding } = file
  const ring = await openKeyRing(folder, readSecret)
  rings.set(dataDir, ring)
  const leaf = fromBase64url(founding.leaf)
  const first = toBase64url(leafHash(leaf))
  return {
    party,
    names,
    register,
    first,
    fingerprint: registerFingerprint(first),
    ring,
    ...keysOf(ring),
    founding: {
      leaf,
      blobs: founding.blobs.map(({ commitment, blob }) => ({ commitment, blob: fromBase64url(blob) })),
    },
  }
}

/** The unlocked ring of a data folder; opened now when its keys are not protected. */
export async function ringOf(dataDir: string): Promise<KeyRing> {
  return rings.get(dataDir) ?? openKeyRing(keysFolder(dataDir))
}

/** Puts keys that lie in the clear under a secret; those that are under one already stay as they are. */
export async function protectKeys(dataDir: string, secret: Secret): Promise<boolean> {
  const ring = await ringOf(dataDir).catch((error: unknown) => {
    if (error instanceof KeysLocked && error.why === 'needs-secret') return undefined
    throw error
  })
  if (ring?.protection() !== 'none') return false
  await ring.protect(secret)
  return true
}

/** Whether the data folder has a party yet. */
export async function isFounded(dataDir: string): Promise<boolean> {
  return (await readPartyFile(keysFolder(dataDir))) !== undefined
}

function keysOf(ring: KeyRing): Pick<Identity, 'keys' | 'held' | 'formerNode' | 'sealingKeys'> {
  const loaded = new Map<string, NodeKey>()

  function held(publicKey: string): NodeKey | undefined {
    const entry = ring.content().signing.find((one) => one.publicKey === publicKey)
    if (!entry) return undefined
    const known = loaded.get(publicKey)
    if (known) return known
    const key = signingKey(entry.privateKey)
    if (key.publicKey !== publicKey) throw new Error(`key ring: ${entry.use} key: the halves do not belong together`)
    loaded.set(publicKey, key)
    return key
  }

  const newest = (use: KeyUse) => held(newestOf(ring.content(), use).publicKey) as NodeKey
  for (const { publicKey } of ring.content().signing) held(publicKey)
  return {
    held,
    formerNode: () => {
      const former = formerNodeKey(ring.content())
      return former && held(former.publicKey)
    },
    sealingKeys: () => ring.content().sealing.toReversed(),
    keys: {
      act: following(() => newest('act')),
      node: following(() => newest('node')),
      host: following(() => newest('host')),
      cosigner: following(() => newest('cosigner')),
      get sealing() {
        return ring.content().sealing.at(-1)!
      },
    },
  }
}

/** Whoever holds this signs with the newest key of its use, also after a rotation. */
function following(newest: () => NodeKey): NodeKey {
  return {
    get kid() {
      return newest().kid
    },
    get publicKey() {
      return newest().publicKey
    },
    sign: (bytes) => newest().sign(bytes),
  }
}
