import { randomBytes } from 'node:crypto'
import {
  canonicalBytes,
  fromBase64url,
  type Json,
  type KeySet,
  newBlob,
  newId,
  openBlob,
  readKeySet,
  type Seen,
  sha256,
  toBase64url,
  utf8,
} from '../../protocol/index.ts'
import { hpkeOpen, hpkeSeal } from './hpke.ts'
import type { SealingSecret } from './x-wing.ts'

/** Bytes of a sealing key that takes part in sealed spaces. */
const publicKeyBytes = 1216
const generationInfo = utf8('chancery/key-set/1')
const grantInfo = utf8('chancery/history-grant/1')

/** A party with the sealing key its register gives, base64url. */
export interface Recipient {
  party: string
  sealing: string
}

/** Can anything be sealed to this party? */
export function canReadSealed({ sealing }: Recipient): boolean {
  return fromBase64url(sealing).length === publicKeyBytes
}

/** A fresh generation key, wrapped to exactly these parties, as the blob that carries it. */
export function newKeySet(given: { space: string; author: string; seen: Seen; recipients: readonly Recipient[] }): {
  key: Uint8Array
  keySet: KeySet
  commitment: string
  blob: Uint8Array
} {
  const { space, author, seen, recipients } = given
  const key = new Uint8Array(randomBytes(32))
  const generation = newId()
  const sorted = [...recipients].sort((a, b) => (a.party < b.party ? -1 : 1))
  const keySet: KeySet = {
    v: 1,
    space,
    author,
    generation,
    seen,
    suite: 'X-Wing',
    for: sorted.map(({ party, sealing }) => {
      const publicKey = fromBase64url(sealing)
      const { enc, ciphertext } = hpkeSeal(publicKey, key, {
        info: generationInfo,
        aad: generationAad({ space, author, generation, seen }, party),
      })
      return { party, key: keyHash(publicKey), enc: toBase64url(enc), wrapped: toBase64url(ciphertext) }
    }),
  }
  const { commitment, blob } = newBlob(canonicalBytes(keySet as unknown as Json))
  return { key, keySet, commitment, blob }
}

/** The key set of a blob. Throws where it is not what the commitment promises, `key-set-shape`. */
export function keySetOf(blob: Uint8Array, commitment: string): KeySet {
  return readKeySet(openBlob(blob, commitment))
}

/** The generation key as wrapped to this party; undefined where it is not among the recipients or the wrap is bad. */
export function openKeySet(keySet: KeySet, party: string, secrets: readonly SealingSecret[]): Uint8Array | undefined {
  const own = keySet.for.find((one) => one.party === party)
  const secret = own && secrets.find(({ publicKey }) => keyHash(publicKey) === own.key)
  if (!own || !secret) return undefined
  return hpkeOpen(secret, wrapOf(own), { info: generationInfo, aad: generationAad(keySet, party) })
}

/** What a history grant hands on: the generation key of a key set, or the content key of one sealed part. */
export type GrantedKey = { keys: string } | { part: string }

/** One key of a history grant, for its one recipient. */
export type GrantWrap = GrantedKey & { enc: string; wrapped: string }

/** Wraps a key of the past to a party that came later. */
export function wrapGrant(given: { space: string; to: Recipient; of: GrantedKey }, key: Uint8Array): GrantWrap {
  const { space, to, of } = given
  const { enc, ciphertext } = hpkeSeal(fromBase64url(to.sealing), key, {
    info: grantInfo,
    aad: grantAad({ space, to: to.party, of }),
  })
  return { ...of, enc: toBase64url(enc), wrapped: toBase64url(ciphertext) }
}

/** The key of a grant to us; undefined where it was not made for any of our sealing keys. */
export function openGrant(
  { space, to }: { space: string; to: string },
  wrap: GrantWrap,
  secrets: readonly SealingSecret[],
): Uint8Array | undefined {
  const of = 'keys' in wrap ? { keys: wrap.keys } : { part: wrap.part }
  const context = { info: grantInfo, aad: grantAad({ space, to, of }) }
  for (const secret of secrets) {
    const key = hpkeOpen(secret, wrapOf(wrap), context)
    if (key) return key
  }
  return undefined
}

/** How key sets name a sealing key. */
export function keyHash(publicKey: Uint8Array): string {
  return toBase64url(sha256(publicKey))
}

function wrapOf({ enc, wrapped }: { enc: string; wrapped: string }) {
  return { enc: fromBase64url(enc), ciphertext: fromBase64url(wrapped) }
}

/** Bound to author and space: nobody can pass off another author's wraps as their own. */
function generationAad(
  { space, author, generation, seen }: Pick<KeySet, 'space' | 'author' | 'generation' | 'seen'>,
  party: string,
): Uint8Array {
  return canonicalBytes({ space, author, generation, seen: { size: seen.size, root: seen.root }, party })
}

function grantAad({ space, to, of }: { space: string; to: string; of: GrantedKey }): Uint8Array {
  return canonicalBytes({ space, to, ...of })
}
