import { createHash } from 'node:crypto'
import { type SigningKey, verifyStrict } from '../../protocol/index.ts'

/** What a request signature covers, in the order we write it (docs/protocol, "Between nodes"). */
export const coveredComponents = ['@method', '@authority', '@path', '@query', 'content-digest'] as const

/** A signature is good for this long before and after the receiver's clock, ms. */
export const signatureWindowMs = 300_000

/** The parts of an HTTP message that can be signed. Header names are lower case. */
export interface SignableMessage {
  method: string
  /** Absolute URL as the client asked for it. */
  url: string
  headers: Readonly<Record<string, string>>
}

export interface SignatureParameters {
  components: readonly string[]
  /** Seconds since epoch. */
  created: number
  keyid: string
  alg?: string
}

export type SignatureFault = 'unsigned' | 'malformed' | 'coverage' | 'clock' | 'digest' | 'unknown-key' | 'signature'

/** Why a request was not believed; nothing in it tells a stranger who is known here. */
export class SignatureError extends Error {
  override name = 'SignatureError'
  fault: SignatureFault
  constructor(fault: SignatureFault, message: string) {
    super(message)
    this.fault = fault
  }
}

/** `Content-Digest` of a body (RFC 9530), also of an empty one. */
export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

/** The `Signature-Input` member value: covered components and parameters. */
export function serializeParameters(parameters: SignatureParameters): string {
  const components = parameters.components.map((name) => `"${name}"`).join(' ')
  const alg = parameters.alg === undefined ? '' : `;alg="${parameters.alg}"`
  return `(${components});created=${parameters.created};keyid="${parameters.keyid}"${alg}`
}

/**
 * The exact text that is signed (RFC 9421 §2.5).
 *
 * @throws {SignatureError} `coverage` if a covered header is missing.
 */
export function signatureBase(message: SignableMessage, parameters: SignatureParameters): string {
  const lines = parameters.components.map((name) => `"${name}": ${componentValue(message, name)}`)
  return [...lines, `"@signature-params": ${serializeParameters(parameters)}`].join('\n')
}

function componentValue(message: SignableMessage, name: string): string {
  const url = new URL(message.url)
  switch (name) {
    case '@method':
      return message.method
    case '@authority':
      return url.host.toLowerCase()
    case '@path':
      return url.pathname
    case '@query':
      return url.search === '' ? '?' : url.search
  }
  const value = message.headers[name]
  if (name.startsWith('@') || value === undefined) throw new SignatureError('coverage', `no component ${name}`)
  return value.trim()
}

/** Headers to add to a request so that the receiver knows which node sent exactly this. */
export function signRequest(
  request: { method: string; url: string; body: Uint8Array },
  key: SigningKey,
  nowMs: number,
): Record<string, string> {
  const digest = contentDigest(request.body)
  const parameters = { components: coveredComponents, created: Math.floor(nowMs / 1000), keyid: key.kid }
  const message = { method: request.method, url: request.url, headers: { 'content-digest': digest } }
  const signature = key.sign(Buffer.from(signatureBase(message, parameters), 'latin1'))
  return {
    'content-digest': digest,
    'signature-input': `chancery=${serializeParameters(parameters)}`,
    signature: `chancery=:${Buffer.from(signature).toString('base64')}:`,
  }
}

// One signature, written as we write it: string items without parameters, then created, keyid, alg in any order.
const inputShape =
  /^([a-z*][a-z0-9_.*-]{0,31})=\(((?:"[a-z@][a-z0-9-]{0,31}"(?: |(?=\))))*)\)((?:;[a-z]+=(?:-?\d{1,15}|"[\x20\x21\x23-\x5b\x5d-\x7e]{0,200}"))*)$/
const signatureShape = /^([a-z*][a-z0-9_.*-]{0,31})=:([A-Za-z0-9+/]{86}==):$/

/** Reads `Signature-Input` and `Signature`. @throws {SignatureError} `unsigned` or `malformed`. */
export function readSignature(headers: Readonly<Record<string, string>>): {
  label: string
  parameters: SignatureParameters
  signature: Uint8Array
} {
  const input = headers['signature-input']
  const value = headers.signature
  if (input === undefined || value === undefined) throw new SignatureError('unsigned', 'the request is not signed')
  const inputMatch = input.length <= 1_000 ? inputShape.exec(input) : null
  const valueMatch = value.length <= 200 ? signatureShape.exec(value) : null
  if (!inputMatch || !valueMatch || inputMatch[1] !== valueMatch[1]) {
    throw new SignatureError('malformed', 'Signature-Input or Signature cannot be read')
  }
  const components = [...inputMatch[2]!.matchAll(/"([^"]+)"/g)].map((match) => match[1]!)
  return {
    label: inputMatch[1]!,
    parameters: readParameters(components, inputMatch[3]!),
    signature: Buffer.from(valueMatch[2]!, 'base64'),
  }
}

function readParameters(components: string[], text: string): SignatureParameters {
  const found = new Map(
    [...text.matchAll(/;([a-z]+)=(?:"([^"]*)"|(-?\d+))/g)].map(
      (match) => [match[1]!, match[2] ?? Number(match[3])] as const,
    ),
  )
  const { created, keyid, alg, ...others } = Object.fromEntries(found) as Record<string, string | number | undefined>
  const isRead = typeof created === 'number' && typeof keyid === 'string'
  if (!isRead || Object.keys(others).length > 0 || new Set(components).size !== components.length) {
    throw new SignatureError('malformed', 'created and keyid are needed, unknown parameters are not understood')
  }
  if (alg !== undefined && alg !== 'ed25519') throw new SignatureError('malformed', 'only ed25519 is understood')
  const parameters = { components, created, keyid, ...(alg === undefined ? {} : { alg }) }
  // The base must contain the parameters as they were sent; anything we would write otherwise is refused.
  if (serializeParameters(parameters) !== `(${components.map((c) => `"${c}"`).join(' ')})${text}`) {
    throw new SignatureError('malformed', 'parameters are not in the order created, keyid, alg')
  }
  return parameters
}

/**
 * Checks the signature of a request and returns the key id that made it. The body is
 * still to be compared with the signed digest: {@link requireDigest}, once it is read.
 *
 * @param findKey - Public key (base64url raw) for a key id, if it is known here.
 * @throws {SignatureError} with the first fault found.
 */
export async function verifyRequest(
  message: SignableMessage,
  nowMs: number,
  findKey: (keyid: string) => Promise<string | undefined>,
): Promise<string> {
  const { parameters, signature } = readSignature(message.headers)
  const covered = new Set(parameters.components)
  if (!coveredComponents.every((name) => covered.has(name))) {
    throw new SignatureError('coverage', `a signature must cover ${coveredComponents.join(' ')}`)
  }
  if (Math.abs(parameters.created * 1000 - nowMs) > signatureWindowMs) {
    throw new SignatureError('clock', 'created is more than 300 s from the time here')
  }
  const publicKey = await findKey(parameters.keyid)
  if (publicKey === undefined) throw new SignatureError('unknown-key', 'the key is not known here')
  const base = Buffer.from(signatureBase(message, parameters), 'latin1')
  if (!verifyStrict(publicKey, base, signature)) throw new SignatureError('signature', 'the signature does not verify')
  return parameters.keyid
}

/** @throws {SignatureError} `digest` unless the body is the one whose digest was signed. */
export function requireDigest(headers: Readonly<Record<string, string>>, body: Uint8Array): void {
  if (headers['content-digest'] === contentDigest(body)) return
  throw new SignatureError('digest', 'Content-Digest is not the digest of the body')
}
