import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto'
import { fromBase64url, isBase64urlOf, sha256Text, toBase64url, utf8 } from './bytes.ts'
import { ProtocolError } from './protocol-error.ts'

/** A private key ready to sign, and the names it is known by. */
export interface SigningKey {
  /** RFC 7638 thumbprint, base64url. */
  kid: string
  /** base64url raw 32 bytes. */
  publicKey: string
  sign(bytes: Uint8Array): Uint8Array
}

/** A fresh key pair: private as base64url PKCS #8 DER, public as base64url raw 32 bytes. */
export function generateEd25519(): { privateKey: string; publicKey: string } {
  const pair = generateKeyPairSync('ed25519')
  return {
    privateKey: toBase64url(pair.privateKey.export({ format: 'der', type: 'pkcs8' })),
    publicKey: rawPublicKey(pair.publicKey),
  }
}

/** Loads what `generateEd25519` gave. Throws `key`. */
export function signingKey(privateKey: string): SigningKey {
  const key = loadPrivateKey(privateKey)
  const publicKey = rawPublicKey(createPublicKey(key))
  return { kid: kidOf(publicKey), publicKey, sign: (bytes) => new Uint8Array(sign(null, bytes, key)) }
}

/** RFC 7638 thumbprint of a base64url raw Ed25519 key. */
export function kidOf(publicKey: string): string {
  return sha256Text(utf8(`{"crv":"Ed25519","kty":"OKP","x":"${publicKey}"}`))
}

/** May signatures under this key be believed: canonical encoding and not of low order? */
export function isUsableKey(publicKey: string): boolean {
  return checkedKey(publicKey) !== undefined
}

/**
 * Strict Ed25519: A and R canonically encoded and not of low order, s < L, and
 * the cofactorless equation. Every runtime gives the same answer, which
 * `crypto.verify` alone does not (Node 22 accepts what Node 24 refuses).
 */
export function verifyStrict(publicKey: string, message: Uint8Array, signature: Uint8Array): boolean {
  const key = strictKey(publicKey, signature)
  return key !== undefined && holds(key, message, signature)
}

/**
 * The equation alone, for a key and a signature of strict form. Whatever checks it must say what `crypto.verify`
 * says.
 */
export type Equation = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** From now on this process has the equation checked so. The form stays checked here. */
export function checkEquationBy(equation: Equation): void {
  given = equation
}

let given: Equation | undefined

function holds({ raw, object }: CheckedKey, message: Uint8Array, signature: Uint8Array): boolean {
  return given ? given(raw, message, signature) : verify(null, message, object, signature)
}

/** The key, if it and the form of the signature leave only the equation to be checked. */
function strictKey(publicKey: string, signature: Uint8Array): CheckedKey | undefined {
  if (signature.length !== 64) return undefined
  const key = checkedKey(publicKey)
  return key && isStrictPoint(signature) && isBelow(signature.subarray(32), order) ? key : undefined
}

interface CheckedKey {
  raw: Uint8Array
  object: KeyObject
}

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const maxCachedKeys = 4096
const cache = new Map<string, CheckedKey | null>()

function checkedKey(publicKey: string): CheckedKey | undefined {
  let key = cache.get(publicKey)
  if (key === undefined) {
    key = loadChecked(publicKey)
    if (cache.size >= maxCachedKeys) cache.clear()
    cache.set(publicKey, key)
  }
  return key ?? undefined
}

function loadChecked(publicKey: string): CheckedKey | null {
  if (!isBase64urlOf(publicKey, 32)) return null
  const raw = fromBase64url(publicKey)
  if (!isStrictPoint(raw)) return null
  return { raw, object: createPublicKey({ key: Buffer.concat([spkiPrefix, raw]), format: 'der', type: 'spki' }) }
}

/** 2^255 − 19 and the order of the base point, least significant byte first. */
const prime = Buffer.from('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', 'hex')
const order = Buffer.from('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010', 'hex')
// y of the eight points whose order divides 8; a canonical encoding of one is y with either sign bit.
const lowOrderY = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
].map((hex) => Buffer.from(hex, 'hex'))

function isStrictPoint(encoded: Uint8Array): boolean {
  return isBelow(encoded, prime, 0x7f) && !lowOrderY.some((y) => isSameY(encoded, y))
}

/** Is the little-endian number, its top byte masked, below the limit? */
function isBelow(number: Uint8Array, limit: Uint8Array, topMask = 0xff): boolean {
  for (let at = 31; at >= 0; at -= 1) {
    const [byte, bound] = [(number[at] as number) & (at === 31 ? topMask : 0xff), limit[at] as number]
    if (byte !== bound) return byte < bound
  }
  return false
}

function isSameY(encoded: Uint8Array, y: Uint8Array): boolean {
  for (let at = 0; at < 31; at += 1) if (encoded[at] !== y[at]) return false
  return ((encoded[31] as number) & 0x7f) === y[31]
}

function loadPrivateKey(privateKey: string): KeyObject {
  try {
    const key = createPrivateKey({ key: Buffer.from(fromBase64url(privateKey)), format: 'der', type: 'pkcs8' })
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // The message of the cause could quote key material.
  }
  throw new ProtocolError('key', 'not an Ed25519 private key')
}

function rawPublicKey(key: KeyObject): string {
  const x = key.export({ format: 'jwk' }).x
  if (!x) throw new ProtocolError('key', 'not an Ed25519 public key')
  return x
}
