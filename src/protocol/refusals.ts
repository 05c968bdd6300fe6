import { z } from 'zod'
import { hashText, idText, wholeNumber } from './acts.ts'
import { fromBase64url, toBase64url, utf8 } from './bytes.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'
import { kidOf, type SigningKey, verifyStrict } from './keys.ts'
import type { Envelope } from './types.ts'

/** What a host that refuses an act signs. */
export interface RefusalStatement {
  v: 1
  space: string
  /** Act hash; empty when what was handed in had no readable statement. */
  act: string
  rule: string
  detail: string
  /** Host's clock, ms. */
  at: number
}

const statement = z.strictObject({
  v: z.literal(1),
  space: idText,
  act: z.union([hashText, z.literal('')]),
  rule: z.string().max(64),
  detail: z.string().max(2_000),
  at: wholeNumber,
})

/** A refusal its host cannot deny later: a flattened JWS, `typ` `chancery-refusal+json`. */
export function signRefusal(refusal: RefusalStatement, key: SigningKey): Envelope {
  const payload = toBase64url(canonicalBytes({ ...refusal }))
  const header = headerOf(key.kid)
  return { payload, protected: header, signature: toBase64url(key.sign(signed(header, payload))) }
}

/** The refusal if it is signed by the host key `publicKey`; undefined otherwise. */
export function readRefusal(envelope: Envelope, publicKey: string): RefusalStatement | undefined {
  if (envelope.protected !== headerOf(kidOf(publicKey))) return undefined
  try {
    const { protected: header, payload, signature } = envelope
    if (!verifyStrict(publicKey, signed(header, payload), fromBase64url(signature))) return undefined
    return statement.parse(parseCanonical(fromBase64url(payload)))
  } catch {
    return undefined
  }
}

function headerOf(kid: string): string {
  return toBase64url(canonicalBytes({ alg: 'Ed25519', kid, typ: 'chancery-refusal+json' }))
}

function signed(header: string, payload: string): Uint8Array {
  return utf8(`${header}.${payload}`)
}
