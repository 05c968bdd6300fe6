import { z } from 'zod'
import {
  asciiBytes,
  asLatin1,
  characters,
  fromBase64url,
  isBase64urlOf,
  sha256Text,
  toBase64url,
  utf8,
} from './bytes.ts'
import { canonicalBytes, parseCanonical } from './canonical.ts'
import { isId, isParty } from './ids.ts'
import { type SigningKey, verifyStrict } from './keys.ts'
import { limits } from './limits.ts'
import { ProtocolError } from './protocol-error.ts'
import { plainStatement } from './statement-form.ts'
import { type Act, type Envelope, type Json, papLabels, type Statement, tlpLabels } from './types.ts'

export const hashText = z.string().refine((text) => isBase64urlOf(text, 32), 'not 32 bytes of base64url')
export const bytesText = (length: number) =>
  z.string().refine((text) => isBase64urlOf(text, length), `not ${length} bytes of base64url`)
export const idText = z.string().refine(isId, 'not 32 lower-case hex digits')
export const partyText = z.string().refine(isParty, 'not a lower-case domain')
export const wholeNumber = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const label = z.string().min(1).max(64)
const media = z
  .string()
  .max(127)
  .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/)

/** `<module>.<noun>-<past participle>`, lower case. */
export const typeText = z
  .string()
  .max(96)
  .regex(/^[a-z][a-z0-9-]*\.[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
/** Office identifier inside a party. */
export const officeText = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9._-]*$/)

export const markingSchema = z.strictObject({
  tlp: z.enum(tlpLabels),
  pap: z.enum(papLabels).optional(),
  class: label.optional(),
  caveats: z.array(label).max(limits.caveats).optional(),
  audience: z.array(partyText).max(limits.audience).optional(),
})

export const partSchema = z.strictObject({
  role: z
    .string()
    .max(64)
    .regex(/^[a-z0-9][a-z0-9.-]*$/),
  hash: hashText,
  size: z.int().min(0).max(limits.attachment),
  media,
  enc: z.strictObject({ alg: z.literal('A256GCM-1MiB'), hash: hashText, size: wholeNumber, keys: hashText }).optional(),
})

/** The closed statement of version 1. */
export const statementSchema = z.strictObject({
  v: z.literal(1),
  space: idText,
  type: typeText,
  id: idText,
  author: partyText,
  office: officeText,
  seen: z.strictObject({ size: wholeNumber, root: hashText }),
  at: wholeNumber,
  after: z.array(hashText).min(1).max(limits.after).optional(),
  refs: z
    .array(z.strictObject({ space: idText.optional(), act: hashText }))
    .min(1)
    .max(limits.refs)
    .optional(),
  marking: markingSchema,
  parts: z.array(partSchema).max(limits.parts),
})

/** Characters at most. */
const envelopeLengths = { payload: Math.ceil((limits.statement * 4) / 3), protected: 512, signature: 128 }

const envelopeSchema = z.strictObject({
  payload: z.string().max(envelopeLengths.payload),
  protected: z.string().max(envelopeLengths.protected),
  signature: z.string().max(envelopeLengths.signature),
})

/** Signs a statement. Empty `after` and `refs` are left out. Throws when the statement is not well-formed. */
export function signAct(statement: Statement, key: SigningKey): Act {
  const payload = toBase64url(canonicalBytes(tidy(statement) as unknown as Json))
  const header = toBase64url(headerBytes(key.kid))
  const signature = toBase64url(key.sign(utf8(`${header}.${payload}`)))
  return readEnvelope({ payload, protected: header, signature })
}

/**
 * Everything about an act that can be judged without keys and without its log:
 * closed forms, canonical bytes, header, sizes. The signature is not checked.
 */
export function readEnvelope(envelope: unknown): Act {
  const shape = plainEnvelope(envelope) ?? judgedEnvelope(envelope)
  const { payload, protected: header, signature } = shape
  if (!isBase64urlOf(signature, 64)) throw new ProtocolError('signature-form', 'not 64 bytes')
  const kid = kidInHeader(header)
  const bytes = fromBase64url(payload)
  return { statement: readStatement(bytes), envelope: shape, bytes, hash: sha256Text(bytes), kid }
}

/** The quick way in, which changes no answer. */
function plainEnvelope(envelope: unknown): Envelope | undefined {
  if (typeof envelope !== 'object' || envelope === null || Object.keys(envelope).length !== 3) return undefined
  const { payload, protected: header, signature } = envelope as Partial<Record<keyof Envelope, unknown>>
  const fits = (text: unknown, length: number) => typeof text === 'string' && text.length <= length
  return fits(payload, envelopeLengths.payload) &&
    fits(header, envelopeLengths.protected) &&
    fits(signature, envelopeLengths.signature)
    ? ({ payload, protected: header, signature } as Envelope)
    : undefined
}

function judgedEnvelope(envelope: unknown): Envelope {
  const shape = envelopeSchema.safeParse(envelope)
  if (!shape.success) throw tooLong(envelope) ?? new ProtocolError('envelope-shape', firstIssue(shape.error))
  return shape.data
}

/** Strict check of the signature, by a key the caller has reason to believe is the author's. */
export function verifyAct(act: Act, publicKey: string): boolean {
  const known = foundAhead.get(act)
  if (known?.publicKey === publicKey) return known.isGood
  return verifyStrict(publicKey, signedBytes(act), signatureBytes(act))
}

/** What `verifyStrict` is asked. */
export interface SignatureCheck {
  publicKey: string
  message: Uint8Array
  signature: Uint8Array
}

/** Answers as `verifyStrict` would, one by one; elsewhere than in this thread. */
export type CheckSignatures = (checks: readonly SignatureCheck[]) => Promise<boolean[]>

/** Has signatures checked elsewhere; `verifyAct` of the same act with the same key then knows the answer. */
export async function verifyActsAhead(
  acts: readonly { act: Act; publicKey: string }[],
  check: CheckSignatures,
): Promise<void> {
  const found = await check(
    acts.map(({ act, publicKey }) => ({ publicKey, message: signedBytes(act), signature: signatureBytes(act) })),
  )
  for (const [at, { act, publicKey }] of acts.entries()) foundAhead.set(act, { publicKey, isGood: found[at] === true })
}

const foundAhead = new WeakMap<Act, { publicKey: string; isGood: boolean }>()

const signedBytes = ({ envelope }: Act) => asciiBytes(`${envelope.protected}.${envelope.payload}`)
const signatureBytes = ({ envelope }: Act) => fromBase64url(envelope.signature)

/** The statement of canonical bytes. Throws the first rule that fails. */
export function readStatement(bytes: Uint8Array): Statement {
  if (bytes.length > limits.statement) throw new ProtocolError('statement-size', `${bytes.length} bytes`)
  const statement = plainStatement(asLatin1(bytes)) ?? judgedStatement(bytes)
  refuseRepeats(statement)
  return statement
}

function judgedStatement(bytes: Uint8Array): Statement {
  const parsed = statementSchema.safeParse(parseCanonical(bytes))
  if (!parsed.success) {
    const unknown = parsed.error.issues.some((issue) => issue.code === 'unrecognized_keys')
    throw new ProtocolError(unknown ? 'unknown-member' : 'statement-shape', firstIssue(parsed.error))
  }
  return parsed.data
}

function refuseRepeats({ parts, after = [] }: Statement): void {
  const isRepeated = (list: readonly string[]) => list.length > 1 && new Set(list).size !== list.length
  const single = parts.filter((part) => part.role === 'body' || part.role === 'text').map((part) => part.role)
  if (isRepeated(single)) throw new ProtocolError('statement-shape', 'parts: two bodies or two texts')
  if (isRepeated(parts.map((part) => part.hash))) throw new ProtocolError('statement-shape', 'parts: one hash twice')
  if (isRepeated(after)) throw new ProtocolError('statement-shape', 'after: one act twice')
}

/** A key has one header text, so those read lately are remembered. */
const headers = new Map<string, string>()
const maxHeaders = 4096

function kidInHeader(text: string): string {
  const known = headers.get(text)
  if (known !== undefined) return known
  const kid = readHeader(fromBase64url(text))
  if (headers.size >= maxHeaders) headers.clear()
  headers.set(text, kid)
  return kid
}

function readHeader(bytes: Uint8Array): string {
  const header = parseCanonical(bytes) as { kid?: unknown } | null
  const kid = header && typeof header === 'object' ? header.kid : undefined
  if (typeof kid !== 'string' || !isBase64urlOf(kid, 32)) throw new ProtocolError('header', 'no kid')
  if (toBase64url(headerBytes(kid)) !== toBase64url(bytes))
    throw new ProtocolError('header', 'not alg, kid and typ alone')
  return kid
}

function headerBytes(kid: string): Uint8Array {
  return canonicalBytes({ alg: 'Ed25519', kid, typ: 'chancery-act+json' })
}

function tidy(statement: Statement): Statement {
  const { after, refs, ...rest } = statement
  return { ...rest, ...(after?.length ? { after } : {}), ...(refs?.length ? { refs } : {}) }
}

function tooLong(envelope: unknown): ProtocolError | undefined {
  const payload = (envelope as Partial<Envelope> | null)?.payload
  return typeof payload === 'string' && characters(payload) > Math.ceil((limits.statement * 4) / 3)
    ? new ProtocolError('statement-size', `${payload.length} characters of base64url`)
    : undefined
}

export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.') || 'value'}: ${issue.message}` : 'malformed'
}
