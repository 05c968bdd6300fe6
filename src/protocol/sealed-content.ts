import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { sha256, toBase64url } from './bytes.ts'
import { ProtocolError } from './protocol-error.ts'
import {
  chunkBytes,
  chunkNonce,
  readSealedPart,
  type SealedPart,
  sealedAlgorithm,
  sealedPartBytes,
  sealedSize,
} from './sealed.ts'
import type { Part } from './types.ts'

const tagBytes = 16
const nonceBytes = 12
const keyBytes = 32

/** A blob as its members alone can read it. */
export interface SealedBlob {
  bytes: Uint8Array
  enc: NonNullable<Part['enc']>
}

/**
 * Seals a blob, salt and all: a fresh content key encrypts it, the generation key encrypts the content key.
 *
 * @param keys - Commitment of the key set that carries the generation key.
 */
export function sealBlob(blob: Uint8Array, generationKey: Uint8Array, keys: string): SealedBlob {
  const contentKey = randomBytes(keyBytes)
  const count = Math.max(1, Math.ceil(blob.length / chunkBytes))
  const chunks = Array.from({ length: count }, (_, at) => {
    const nonce = chunkNonce(at, at === count - 1)
    return { nonce, ...encrypt(contentKey, nonce, blob.subarray(at * chunkBytes, (at + 1) * chunkBytes)) }
  })
  const nonce = randomBytes(nonceBytes)
  const wrapped = encrypt(generationKey, nonce, contentKey)
  const wrappedKey = new Uint8Array(Buffer.concat([nonce, wrapped.ciphertext, wrapped.tag]))
  const bytes = sealedPartBytes({ wrappedKey, chunks })
  return { bytes, enc: { alg: sealedAlgorithm, hash: toBase64url(sha256(bytes)), size: bytes.length, keys } }
}

/** Bytes of the sealed form of a part of this much content: its blob has 32 bytes of salt besides. */
export function sealedSizeOf(contentBytes: number): number {
  return sealedSize(contentBytes + keyBytes)
}

/** The sealed bytes of a part taken apart. Throws `sealed-shape` where they are not what its statement declares. */
export function readSealedBlob(bytes: Uint8Array, part: Part): SealedPart {
  if (!part.enc || part.enc.size !== bytes.length || toBase64url(sha256(bytes)) !== part.enc.hash) {
    throw new ProtocolError('sealed-shape', `not the bytes of ${part.hash}`)
  }
  return readSealedPart(bytes, part.size + keyBytes)
}

/** The one-use key of a sealed part; undefined under another generation key. */
export function openContentKey({ wrappedKey }: SealedPart, generationKey: Uint8Array): Uint8Array | undefined {
  const end = wrappedKey.length - tagBytes
  return decrypt(generationKey, wrappedKey.subarray(0, nonceBytes), {
    ciphertext: wrappedKey.subarray(nonceBytes, end),
    tag: wrappedKey.subarray(end),
  })
}

/** What a content key makes of the chunks; undefined where a tag does not hold. Compare it with the commitment. */
export function openChunks({ chunks }: SealedPart, contentKey: Uint8Array): Uint8Array | undefined {
  const opened = chunks.map((chunk) => decrypt(contentKey, chunk.nonce, chunk))
  if (opened.some((chunk) => chunk === undefined)) return undefined
  return new Uint8Array(Buffer.concat(opened as Uint8Array[]))
}

/**
 * Does this content key convict the author? AES-GCM does not commit to its key, so the statement commits to the
 * plaintext: a key under which every chunk of the very bytes the author signed opens, and gives something else than
 * the author signed, can only come from the author.
 */
export function convictsSealer(part: Part, bytes: Uint8Array, contentKey: Uint8Array): boolean {
  const blob = openChunks(readSealedBlob(bytes, part), contentKey)
  return blob !== undefined && toBase64url(sha256(blob)) !== part.hash
}

type Encrypted = { ciphertext: Uint8Array; tag: Uint8Array }

function encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Encrypted {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  return { ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final()]), tag: cipher.getAuthTag() }
}

function decrypt(key: Uint8Array, nonce: Uint8Array, { ciphertext, tag }: Encrypted): Uint8Array | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAuthTag(tag)
    return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
  } catch {
    return undefined
  }
}
