import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { fromBase64url, isBase64urlOf, toBase64url } from './bytes.ts'
import { ProtocolError } from './protocol-error.ts'

/** An ML-DSA-44 private key ready to sign. */
export interface PqSigningKey {
  /** base64url raw 1312 bytes. */
  publicKey: string
  sign(bytes: Uint8Array): Uint8Array
}

/** A fresh key pair: private as base64url of its 32-byte seed, public as base64url raw 1312 bytes. */
export function generateMlDsa44(): { privateKey: string; publicKey: string } {
  const pair = generateKeyPairSync('ml-dsa-44')
  return {
    privateKey: toBase64url(pair.privateKey.export({ format: 'raw-seed' })),
    publicKey: toBase64url(pair.publicKey.export({ format: 'raw-public' })),
  }
}

/** Loads what `generateMlDsa44` gave. Throws `key`. */
export function pqSigningKey(privateKey: string): PqSigningKey {
  const key = load(() =>
    createPrivateKey({
      key: Buffer.from(fromBase64url(privateKey)),
      format: 'raw-seed',
      asymmetricKeyType: 'ml-dsa-44',
    }),
  )
  return {
    publicKey: toBase64url(createPublicKey(key).export({ format: 'raw-public' })),
    sign: (bytes) => new Uint8Array(sign(null, bytes, key)),
  }
}

/** Pure ML-DSA-44 with an empty context (FIPS 204). */
export function verifyMlDsa44(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 2420 || !isBase64urlOf(publicKey, 1312)) return false
  const key = load(() =>
    createPublicKey({
      key: Buffer.from(fromBase64url(publicKey)),
      format: 'raw-public',
      asymmetricKeyType: 'ml-dsa-44',
    }),
  )
  return verify(null, message, key, signature)
}

function load(read: () => KeyObject): KeyObject {
  try {
    return read()
  } catch {
    // The message of the cause could quote key material.
    throw new ProtocolError('key', 'not an ML-DSA-44 key')
  }
}
