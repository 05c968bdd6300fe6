import {
  createHash,
  createPrivateKey,
  createPublicKey,
  decapsulate as decapsulateMlKem,
  diffieHellman,
  encapsulate as encapsulateMlKem,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { fromBase64url } from '../../protocol/index.ts'
import type { SealingKey } from '../identity/types.ts'

/** Bytes of the X25519 half, which comes first in our sealing keys; X-Wing's own order is ML-KEM first. */
const x25519Bytes = 32
const mlKemCiphertextBytes = 1088
/** Bytes of an encapsulation: ML-KEM ciphertext, then the ephemeral X25519 key. */
export const encapsulationBytes = mlKemCiphertextBytes + x25519Bytes
/** `\.//^\` of draft-connolly-cfrg-xwing-kem. */
const label = Buffer.from('5c2e2f2f5e5c', 'hex')

/** The private halves of a sealing key, ready for use. */
export interface SealingSecret {
  /** Raw public key as registers give it: X25519 ‖ ML-KEM-768. */
  publicKey: Uint8Array
  x25519: KeyObject
  mlkem768: KeyObject
}

/** Reads the halves of a sealing key from the party's key files. */
export function sealingSecret({ publicKey, x25519, mlkem768 }: SealingKey): SealingSecret {
  const read = (der: string) => createPrivateKey({ key: Buffer.from(fromBase64url(der)), format: 'der', type: 'pkcs8' })
  return { publicKey: fromBase64url(publicKey), x25519: read(x25519), mlkem768: read(mlkem768) }
}

/** A fresh shared secret of 32 bytes and what its owner needs to reach the same one. */
export function encapsulate(publicKey: Uint8Array): { enc: Uint8Array; shared: Uint8Array } {
  const theirs = publicHalves(publicKey)
  const ephemeral = generateKeyPairSync('x25519')
  const { sharedKey, ciphertext } = encapsulateMlKem(theirs.mlkem768)
  const point = ephemeral.publicKey.export({ format: 'raw-public' })
  const agreed = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: theirs.x25519 })
  return {
    enc: joined(ciphertext, point),
    shared: combine({ mlkem: sharedKey, x25519: agreed, point, publicKey }),
  }
}

/** The shared secret of an encapsulation. A wrong one gives another secret, never an error: ML-KEM rejects implicitly. */
export function decapsulate(secret: SealingSecret, enc: Uint8Array): Uint8Array {
  if (enc.length !== encapsulationBytes) throw new RangeError(`an encapsulation of ${enc.length} bytes`)
  const point = enc.subarray(mlKemCiphertextBytes)
  const mlkem = decapsulateMlKem(secret.mlkem768, Buffer.from(enc.subarray(0, mlKemCiphertextBytes)))
  const x25519 = diffieHellman({ privateKey: secret.x25519, publicKey: rawKey(point, 'x25519') })
  return combine({ mlkem, x25519, point, publicKey: secret.publicKey })
}

function combine(halves: { mlkem: Uint8Array; x25519: Uint8Array; point: Uint8Array; publicKey: Uint8Array }) {
  const { mlkem, x25519, point, publicKey } = halves
  const hash = createHash('sha3-256').update(mlkem).update(x25519).update(point)
  return new Uint8Array(hash.update(publicKey.subarray(0, x25519Bytes)).update(label).digest())
}

function publicHalves(publicKey: Uint8Array): { x25519: KeyObject; mlkem768: KeyObject } {
  return {
    x25519: rawKey(publicKey.subarray(0, x25519Bytes), 'x25519'),
    mlkem768: rawKey(publicKey.subarray(x25519Bytes), 'ml-kem-768'),
  }
}

function rawKey(bytes: Uint8Array, asymmetricKeyType: 'x25519' | 'ml-kem-768'): KeyObject {
  return createPublicKey({ key: Buffer.from(bytes), format: 'raw-public', asymmetricKeyType })
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
