import { z } from 'zod'
import { firstIssue, readEnvelope, wholeNumber } from './acts.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'
import { limits } from './limits.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Act, Json, Leaf } from './types.ts'

const leafSchema = z.strictObject({ v: z.literal(1), time: wholeNumber, envelope: z.unknown() })

/** Canonical bytes of a leaf: the entry as the log keeps and hashes it. Throws `leaf-size`. */
export function leafBytes(leaf: Leaf): Uint8Array {
  const bytes = canonicalBytes({ v: leaf.v, time: leaf.time, envelope: { ...leaf.envelope } } as Json)
  if (bytes.length > limits.leaf) throw new ProtocolError('leaf-size', `${bytes.length} bytes`)
  return bytes
}

/** A leaf and the act in it, both checked for form; the signature is not. */
export function readLeaf(bytes: Uint8Array): { leaf: Leaf; act: Act } {
  if (bytes.length > limits.leaf) throw new ProtocolError('leaf-size', `${bytes.length} bytes`)
  const parsed = leafSchema.safeParse(parseCanonical(bytes))
  if (!parsed.success) throw new ProtocolError('leaf-shape', firstIssue(parsed.error))
  const act = readEnvelope(parsed.data.envelope)
  return { leaf: { v: 1, time: parsed.data.time, envelope: act.envelope }, act }
}
