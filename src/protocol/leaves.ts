import { z } from 'zod'
import { firstIssue, readEnvelope, wholeNumber } from './acts.ts'
import { asciiBytes, asLatin1 } from './bytes.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'
import { limits } from './limits.ts'
import { ProtocolError } from './protocol-error.ts'
import type { Act, Json, Leaf } from './types.ts'

/** Canonical text of a well-formed leaf; the quick way in, which changes no answer. */
const leafForm =
  /^\{"envelope":\{"payload":"([A-Za-z0-9_-]*)","protected":"([A-Za-z0-9_-]*)","signature":"([A-Za-z0-9_-]*)"\},"time":(0|[1-9][0-9]{0,15}),"v":1\}$/

const leafSchema = z.strictObject({ v: z.literal(1), time: wholeNumber, envelope: z.unknown() })

const maxTime = Number.MAX_SAFE_INTEGER

/** Canonical bytes of a leaf: the entry as the log keeps and hashes it. Throws `leaf-size`. */
export function leafBytes(leaf: Leaf): Uint8Array {
  const bytes =
    plainLeafBytes(leaf) ?? canonicalBytes({ v: leaf.v, time: leaf.time, envelope: { ...leaf.envelope } } as Json)
  if (bytes.length > limits.leaf) throw new ProtocolError('leaf-size', `${bytes.length} bytes`)
  return bytes
}

/** Members that are base64url need no escaping. */
function plainLeafBytes({ time, envelope: { payload, protected: header, signature } }: Leaf): Uint8Array | undefined {
  const text = `{"envelope":{"payload":"${payload}","protected":"${header}","signature":"${signature}"},"time":${time},"v":1}`
  return leafForm.test(text) && time <= maxTime ? asciiBytes(text) : undefined
}

/** A leaf and the act in it, both checked for form; the signature is not. */
export function readLeaf(bytes: Uint8Array): { leaf: Leaf; act: Act } {
  if (bytes.length > limits.leaf) throw new ProtocolError('leaf-size', `${bytes.length} bytes`)
  const [, payload, header, signature, time] = leafForm.exec(asLatin1(bytes)) ?? []
  if (payload !== undefined && header !== undefined && signature !== undefined && Number(time) <= maxTime) {
    const act = readEnvelope({ payload, protected: header, signature })
    return { leaf: { v: 1, time: Number(time), envelope: act.envelope }, act }
  }
  const parsed = leafSchema.safeParse(parseCanonical(bytes))
  if (!parsed.success) throw new ProtocolError('leaf-shape', firstIssue(parsed.error))
  const act = readEnvelope(parsed.data.envelope)
  return { leaf: { v: 1, time: parsed.data.time, envelope: act.envelope }, act }
}
