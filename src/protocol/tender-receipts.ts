import { z } from 'zod'
import { hashText, idText, partyText, wholeNumber } from './acts.ts'
import { fromBase64url, toBase64url, utf8 } from './bytes.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'
import { type SigningKey, verifyStrict } from './keys.ts'
import type { Envelope } from './types.ts'

/** A member says that it held an act at a time, whatever the host does with it. */
export interface TenderReceipt {
  v: 1
  space: string
  /** Act hash. */
  act: string
  /** Party that keeps it. */
  by: string
  /** Its clock, ms. */
  at: number
  /** Largest checkpoint of the space that it had verified then: the act stands in no entry below. */
  seen: { size: number; root: string }
}

const receiptSchema = z.strictObject({
  v: z.literal(1),
  space: idText,
  act: hashText,
  by: partyText,
  at: wholeNumber,
  seen: z.strictObject({ size: wholeNumber, root: hashText }),
})

/** A flattened JWS, `typ` `chancery-tender+json`, by the act key of the party that keeps the act. */
export function signTenderReceipt(receipt: TenderReceipt, key: SigningKey): Envelope {
  const payload = toBase64url(canonicalBytes({ ...receipt }))
  const header = headerOf(key.kid)
  return { payload, protected: header, signature: toBase64url(key.sign(utf8(`${header}.${payload}`))) }
}

/** What the receipt says if one of these keys of its party signed it; undefined otherwise. */
export function readTenderReceipt(
  envelope: Envelope,
  keysOf: (party: string) => readonly { kid: string; key: string }[],
): TenderReceipt | undefined {
  try {
    const { protected: header, payload, signature } = envelope
    const receipt = receiptSchema.parse(parseCanonical(fromBase64url(payload)))
    const signer = keysOf(receipt.by).find(({ kid }) => headerOf(kid) === header)
    if (!signer || !verifyStrict(signer.key, utf8(`${header}.${payload}`), fromBase64url(signature))) return undefined
    return receipt
  } catch {
    return undefined
  }
}

function headerOf(kid: string): string {
  return toBase64url(canonicalBytes({ alg: 'Ed25519', kid, typ: 'chancery-tender+json' }))
}
