import { canonicalBytes, sha256, toBase64url } from '../../protocol/index.ts'
import type { Json } from '../../protocol/types.ts'

/** The hash both sides release: SHA-256 over the canonical bytes of the text in all its languages. */
export function hashOfText(text: Json): string {
  return toBase64url(sha256(canonicalBytes(text)))
}
