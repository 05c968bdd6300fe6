import { randomBytes } from 'node:crypto'
import {
  canonicalBytes,
  emptyRoot,
  keyCommitment,
  kidOf,
  leafBytes,
  newBlob,
  newId,
  signAct,
  signingKey,
  toBase64url,
} from '../../protocol/index.ts'
import type { ClockSource } from '../config/types.ts'
import { plainRingText } from './key-ring.ts'
import { loadIdentity } from './load-identity.ts'
import { newSealingKey, newSigningKey } from './new-keys.ts'
import { type PartyFile, partyFile, partyFileText } from './party-file.ts'
import { recoveryKey, sheetText } from './recovery-sheet.ts'
import type { RingKey } from './ring-content.ts'
import { keysFolder, placeFile, placeFolder, ringFile } from './ring-file.ts'
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
  const now = clock.now()
  const [act, next, node, host, cosigner] = (['act', 'next', 'node', 'host', 'cosigner'] as const).map((use) =>
    newSigningKey(use, now),
  ) as [RingKey, RingKey, RingKey, RingKey, RingKey]
  const sealing = newSealingKey(now)
  const seeds = [randomBytes(32), randomBytes(32)]
  const recoveryKeys = seeds.map((seed) => recoveryKey(seed).publicKey)
  const register = newId()
  const body = canonicalBytes({
    party,
    names,
    act: { kid: kidOf(act.publicKey), key: act.publicKey },
    nodes: [node.publicKey],
    cosigner: cosigner.publicKey,
    sealing: sealing.publicKey,
    host: host.publicKey,
    next: keyCommitment(next.publicKey),
    recovery: recoveryKeys.map((key) => keyCommitment(key)),
  })
  const entry = foundingEntry({ party, register, body, key: act.privateKey, time: now })
  const ring = plainRingText({
    v: 1,
    signing: [act, next, node, host, cosigner],
    sealing: [sealing],
    seeds: seeds.map((seed) => toBase64url(seed)),
    recoveryKeys,
  })
  await placeFolder(keysFolder(dataDir), async (folder) => {
    await placeFile(folder, ringFile, ring)
    await placeFile(folder, partyFile, partyFileText({ v: 1, party, names, register, founding: entry }))
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
}): PartyFile['founding'] {
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
