import { randomBytes } from 'node:crypto'
import { joinBytes, sha256Text } from './bytes.ts'
import { ProtocolError } from './protocol-error.ts'

export const saltBytes = 32

/** Salts content for storage beside the log: the blob, its commitment (base64url) and the content's size. */
export function newBlob(
  content: Uint8Array,
  salt: Uint8Array = randomBytes(saltBytes),
): { commitment: string; blob: Uint8Array; size: number } {
  if (salt.length !== saltBytes) throw new ProtocolError('blob-short', `salt of ${salt.length} bytes`)
  const blob = joinBytes(salt, content)
  return { commitment: sha256Text(blob), blob, size: content.length }
}

/** Content of a blob that hashes to `commitment`. Throws `blob-short`, `blob-commitment`. */
export function openBlob(blob: Uint8Array, commitment: string): Uint8Array {
  if (blob.length < saltBytes) throw new ProtocolError('blob-short', `${blob.length} bytes`)
  if (sha256Text(blob) !== commitment) throw new ProtocolError('blob-commitment', commitment)
  return blob.subarray(saltBytes)
}
