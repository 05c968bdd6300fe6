import { z } from 'zod'
import { bytesText, firstIssue, hashText, idText, partyText, wholeNumber } from './acts.ts'
import { utf8 } from './bytes.ts'
import { parseCanonical } from './canonical.ts'
import { limits } from './limits.ts'
import { ProtocolError } from './protocol-error.ts'

/** Is everything said in a space of these terms sealed to its members? */
export function isSealed(terms: Record<string, string> | undefined): boolean {
  return terms !== undefined && Object.hasOwn(terms, sealedTerm)
}

/** Plaintext bytes of one chunk of a sealed part; the last may be shorter. */
export const chunkBytes = 1024 * 1024
/** `enc.alg` of a sealed part. */
export const sealedAlgorithm = 'A256GCM-1MiB'
/** Term of a space in which everything but governance is sealed; its value names the suite. */
export const sealedTerm = 'sealed'
export const sealedSuite = 'X-Wing'

const magic = utf8('CHS1')
const wrappedKeyBytes = 12 + 32 + 16
const tagBytes = 16

/**
 * A generation key of one author, wrapped to exactly the members at `seen`.
 * `enc` is the X-Wing ciphertext for the member's sealing key, `wrapped` the
 * generation key under what it agrees on (AES-256-GCM, 32 bytes and tag).
 */
export const keySetSchema = z.strictObject({
  v: z.literal(1),
  space: idText,
  author: partyText,
  generation: idText,
  seen: z.strictObject({ size: wholeNumber, root: hashText }),
  suite: z.literal(sealedSuite),
  for: z
    .array(
      z.strictObject({
        party: partyText,
        /** SHA-256 of the sealing key it was wrapped to. */
        key: hashText,
        enc: bytesText(1120),
        wrapped: bytesText(48),
      }),
    )
    .min(1)
    .max(limits.members),
})

export type KeySet = z.infer<typeof keySetSchema>

/** A key set from its canonical JSON, recipients in order and each once. Throws `key-set-shape` and byte rules. */
export function readKeySet(bytes: Uint8Array): KeySet {
  const parsed = keySetSchema.safeParse(parseCanonical(bytes))
  if (!parsed.success) throw new ProtocolError('key-set-shape', firstIssue(parsed.error))
  const parties = parsed.data.for.map(({ party }) => party)
  if (parties.some((party, at) => at > 0 && (parties[at - 1] as string) >= party)) {
    throw new ProtocolError('key-set-shape', 'recipients are not in order, each once')
  }
  return parsed.data
}

/** Does the key set reach exactly these parties? */
export function keySetReaches(keySet: KeySet, parties: string[]): boolean {
  const sorted = [...parties].sort()
  return keySet.for.length === sorted.length && keySet.for.every(({ party }, at) => party === sorted[at])
}

/** Length of a sealed part of this much plaintext. Empty content is one empty chunk. */
export function sealedSize(plainBytes: number): number {
  return magic.length + wrappedKeyBytes + plainBytes + tagBytes * chunkCount(plainBytes)
}

/** A sealed part taken apart, nothing decrypted. */
export interface SealedPart {
  /** Nonce, content key and tag under the generation key. */
  wrappedKey: Uint8Array
  /** AES-256-GCM chunks with their nonces. */
  chunks: { nonce: Uint8Array; ciphertext: Uint8Array; tag: Uint8Array }[]
}

/** Takes apart the bytes of a sealed part of `plainBytes` plaintext. Throws `sealed-shape`. */
export function readSealedPart(bytes: Uint8Array, plainBytes: number): SealedPart {
  if (bytes.length !== sealedSize(plainBytes) || Buffer.compare(bytes.subarray(0, magic.length), magic) !== 0) {
    throw new ProtocolError('sealed-shape', `${bytes.length} bytes for ${plainBytes}`)
  }
  const start = magic.length + wrappedKeyBytes
  const count = chunkCount(plainBytes)
  const chunks = Array.from({ length: count }, (_, at) => {
    const chunk = bytes.subarray(start + at * (chunkBytes + tagBytes), start + (at + 1) * (chunkBytes + tagBytes))
    const end = chunk.length - tagBytes
    return { nonce: chunkNonce(at, at === count - 1), ciphertext: chunk.subarray(0, end), tag: chunk.subarray(end) }
  })
  return { wrappedKey: bytes.subarray(magic.length, start), chunks }
}

/** The bytes of a sealed part. Throws `sealed-shape`. */
export function sealedPartBytes({ wrappedKey, chunks }: SealedPart): Uint8Array {
  if (wrappedKey.length !== wrappedKeyBytes || chunks.length === 0)
    throw new ProtocolError('sealed-shape', 'no key or chunk')
  return new Uint8Array(
    Buffer.concat([magic, wrappedKey, ...chunks.flatMap(({ ciphertext, tag }) => [ciphertext, tag])]),
  )
}

/** Nonce of a chunk: its number in eleven bytes, then 1 for the last and 0 for the others. */
export function chunkNonce(number: number, last: boolean): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(number, 5, 6)
  nonce[11] = last ? 1 : 0
  return new Uint8Array(nonce)
}

function chunkCount(plainBytes: number): number {
  return Math.max(1, Math.ceil(plainBytes / chunkBytes))
}
