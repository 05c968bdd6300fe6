import { fromBase64url, leafHash, registerFingerprint, signingKey, toBase64url } from '../../protocol/index.ts'
import { keysFolder, readKeyFile } from './key-file.ts'
import type { Identity, NodeKey } from './types.ts'

/** The party of a data folder. Throws when it was not founded yet or a file is damaged. */
export async function loadIdentity(dataDir: string): Promise<Identity> {
  const folder = keysFolder(dataDir)
  const { party, names, register, founding } = await readKeyFile(folder, 'party.json')
  const leaf = fromBase64url(founding.leaf)
  const first = toBase64url(leafHash(leaf))
  const { publicKey, x25519, mlkem768 } = await readKeyFile(folder, 'sealing.json')
  return {
    party,
    names,
    register,
    first,
    fingerprint: registerFingerprint(first),
    keys: {
      act: await load(folder, 'act.json'),
      node: await load(folder, 'node.json'),
      host: await load(folder, 'host.json'),
      cosigner: await load(folder, 'cosigner.json'),
      sealing: { publicKey, x25519, mlkem768 },
    },
    founding: {
      leaf,
      blobs: founding.blobs.map(({ commitment, blob }) => ({ commitment, blob: fromBase64url(blob) })),
    },
  }
}

/** Whether the data folder has a party yet. */
export async function isFounded(dataDir: string): Promise<boolean> {
  try {
    await readKeyFile(keysFolder(dataDir), 'party.json')
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

async function load(folder: string, name: 'act.json' | 'node.json' | 'host.json' | 'cosigner.json'): Promise<NodeKey> {
  const { publicKey, privateKey } = await readKeyFile(folder, name)
  const key = signingKey(privateKey)
  if (key.publicKey !== publicKey) throw new Error(`${name}: public and private key do not belong together`)
  return key
}
