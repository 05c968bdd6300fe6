import { z } from 'zod'
import { canonicalBytes, fromBase64url, parseCanonical, toBase64url, verifyStrict } from '../../protocol/index.ts'
import type { NodeKey } from '../identity/types.ts'
import type { SignedRefusal } from './types.ts'

export interface RefusalStatement {
  v: 1
  space: string
  /** Act hash. */
  act: string
  rule: string
  detail: string
  /** Host's clock, ms. */
  at: number
}

const statement = z.strictObject({
  v: z.literal(1),
  space: z.string(),
  act: z.string(),
  rule: z.string(),
  detail: z.string(),
  at: z.int(),
})

/** A refusal its host cannot deny later. */
export function signRefusal(refusal: RefusalStatement, key: NodeKey): SignedRefusal {
  const payload = toBase64url(canonicalBytes({ ...refusal }))
  const header = headerOf(key.kid)
  return { payload, protected: header, signature: toBase64url(key.sign(signed(header, payload))) }
}

/** The refusal if it is signed by this host key; undefined otherwise. */
export function readRefusal(envelope: SignedRefusal, host: { kid: string; key: string }): RefusalStatement | undefined {
  if (envelope.protected !== headerOf(host.kid)) return undefined
  try {
    const { protected: header, payload, signature } = envelope
    if (!verifyStrict(host.key, signed(header, payload), fromBase64url(signature))) return undefined
    return statement.parse(parseCanonical(fromBase64url(payload)))
  } catch {
    return undefined
  }
}

function headerOf(kid: string): string {
  return toBase64url(canonicalBytes({ alg: 'Ed25519', kid, typ: 'chancery-refusal+json' }))
}

function signed(header: string, payload: string): Uint8Array {
  return Buffer.from(`${header}.${payload}`)
}
