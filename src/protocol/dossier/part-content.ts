import { openBlob } from '../blobs.ts'
import { parseCanonical } from '../canonical.ts'
import { ProtocolError } from '../protocol-error.ts'
import type { Act, Json, Part } from '../types.ts'

/** Content of a part whose blob is given. Throws where commitment or size are wrong. */
export function openPart(part: Part, blob: Uint8Array): Uint8Array {
  const content = openBlob(blob, part.hash)
  // What a sealed act commits to is the plaintext, so sizes compare for both.
  if (content.length !== part.size) throw new ProtocolError('blob-size', `${content.length}, not ${part.size}`)
  return content
}

/** The parsed body of an act, in canonical bytes; undefined when it has none or its blob is not at hand. */
export function bodyOf(act: Act, blobOf: (part: Part) => Uint8Array | undefined): Json | undefined {
  const part = act.statement.parts.find(({ role }) => role === 'body')
  const blob = part && blobOf(part)
  return part && blob && parseCanonical(openPart(part, blob))
}
