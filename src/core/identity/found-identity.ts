import { generateKeyPairSync, randomBytes } from 'node:crypto'
import {
  canonicalBytes,
  emptyRoot,
  generateEd25519,
  keyCommitment,
  leafBytes,
  newBlob,
  newId,
  signAct,
  signingKey,
  toBase64url,
} from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import { type KeyFile, keysFolder, placeFolder, writeKeyFile } from './key-file.ts'
import { loadIdentity } from './load-identity.ts'
import { recoveryKey, sheetText } from './recovery-sheet.ts'
import type { Identity } from './types.ts'

export interface Founding {
  dataDir: string
  /** Lower-case domain. */
  party: string
  /** Names of the party per language; they stand in the register for everybody. */
  names: Record<string, string>
  clock: ClockSource
}

/**
 * Makes a party: its keys in `keys/` of the data folder and entry 0 of its
 * register. The two sheets are to be printed; the node keeps their private
 * parts until `confirmRecovery`. Throws when the folder has keys already.
 */
export async function foundIdentity(founding: Founding): Promise<{ identity: Identity; sheets: string[] }> {
  const { dataDir, party, names, clock } = founding
  const keys = { act: newKey('act'), node: newKey('node'), host: newKey('host'), cosigner: newKey('cosigner') }
  const next = newKey('next-act')
  const sealing = newSealingKey()
  const seeds = [randomBytes(32), randomBytes(32)]
  const register = newId()
  const body = canonicalBytes({
    party,
    names,
    act: { kid: signingKey(keys.act.privateKey).kid, key: keys.act.publicKey },
    nodes: [keys.node.publicKey],
    cosigner: keys.cosigner.publicKey,
    sealing: sealing.publicKey,
    host: keys.host.publicKey,
    next: keyCommitment(next.publicKey),
    recovery: seeds.map((seed) => keyCommitment(recoveryKey(seed).publicKey)),
  })
  const entry = foundingEntry({ party, register, body, key: keys.act.privateKey, time: clock.now() })
  await placeFolder(keysFolder(dataDir), async (folder) => {
    await writeKeyFile(folder, 'act.json', keys.act)
    await writeKeyFile(folder, 'node.json', keys.node)
    await writeKeyFile(folder, 'host.json', keys.host)
    await writeKeyFile(folder, 'cosigner.json', keys.cosigner)
    await writeKeyFile(folder, 'next-act.json', next)
    await writeKeyFile(folder, 'sealing.json', sealing)
    await writeKeyFile(folder, 'recovery-pending.json', { v: 1, seeds: seeds.map((seed) => toBase64url(seed)) })
    await writeKeyFile(folder, 'party.json', { v: 1, party, names, register, founding: entry })
  })
  return { identity: await loadIdentity(dataDir), sheets: seeds.map((seed) => sheetText(seed)) }
}

function foundingEntry({
  party,
  register,
  body,
  key,
  time,
}: {
  party: string
  register: string
  body: Uint8Array
  key: string
  time: number
}): KeyFile<'party.json'>['founding'] {
  const { commitment, blob, size } = newBlob(body)
  const act = signAct(
    {
      v: 1,
      space: register,
      type: 'register.founded',
      id: newId(),
      author: party,
      office: 'registrar',
      seen: { size: 0, root: toBase64url(emptyRoot) },
      at: time,
      marking: { tlp: 'CLEAR' },
      parts: [{ role: 'body', hash: commitment, size, media: 'application/json' }],
    },
    signingKey(key),
  )
  return {
    leaf: toBase64url(leafBytes({ v: 1, time, envelope: act.envelope })),
    blobs: [{ commitment, blob: toBase64url(blob) }],
  }
}

function newKey(use: string): KeyFile<'act.json'> {
  return { v: 1, use, ...generateEd25519() }
}

function newSealingKey(): KeyFile<'sealing.json'> {
  const x25519 = generateKeyPairSync('x25519')
  const mlkem768 = generateKeyPairSync('ml-kem-768')
  const pkcs8 = { format: 'der', type: 'pkcs8' } as const
  return {
    v: 1,
    use: 'sealing',
    publicKey: toBase64url(
      Buffer.concat([
        x25519.publicKey.export({ format: 'raw-public' }),
        mlkem768.publicKey.export({ format: 'raw-public' }),
      ]),
    ),
    x25519: toBase64url(x25519.privateKey.export(pkcs8)),
    mlkem768: toBase64url(mlkem768.privateKey.export(pkcs8)),
  }
}
