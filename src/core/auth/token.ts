import { randomBytes } from 'node:crypto'
import { sha256, toBase64url } from '../../protocol/index.ts'

/** A new secret of 256 bits for a cookie or a link, and the only form of it that is stored. */
export function newToken(): { token: string; hash: Uint8Array } {
  const token = toBase64url(randomBytes(32))
  return { token, hash: tokenHash(token) }
}

/** What the database keeps of a token. Any text gives a hash; nonsense just matches nothing. */
export function tokenHash(token: string): Uint8Array {
  return Buffer.from(sha256(Buffer.from(token, 'utf8')))
}
