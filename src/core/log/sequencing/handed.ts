import {
  type Act,
  fromBase64url,
  limits,
  ProtocolError,
  readEnvelope,
  sha256,
  toBase64url,
} from '../../../protocol/index.ts'
import type { Handed } from '../types.ts'
import type { Read } from './batch.ts'

export function readHanded({ envelope, blobs }: Handed): Read {
  try {
    const act = readEnvelope(envelope)
    return { hash: act.hash, act, ...(blobs ? { blobs } : {}) }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { hash: payloadHash(envelope), broken: { rule: error.rule, detail: error.detail } }
  }
}

/** Act hash of something that is no act, so that a refusal can still name it; empty when there are no bytes. */
function payloadHash(envelope: unknown): string {
  const payload = (envelope as { payload?: unknown } | null)?.payload
  if (typeof payload !== 'string' || payload.length > limits.leaf) return ''
  try {
    return toBase64url(sha256(fromBase64url(payload)))
  } catch {
    return ''
  }
}

export function actsOf(read: readonly Read[]): Act[] {
  return read.flatMap((one) => ('act' in one ? [one.act] : []))
}
