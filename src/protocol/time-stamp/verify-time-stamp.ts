import { createHash, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { ProtocolError } from '../protocol-error.ts'
import { contentOf, type Der, inside, oidOf, readDer, tags } from './der.ts'
import { algorithmOf, oids, readToken, type Token } from './read-token.ts'

/** What a token proves, once it is believed. */
export interface TimeStamp {
  /** ms since epoch UTC: what is stamped existed then. */
  time: number
  /** Subject of the authority's certificate, one attribute per line. */
  authority: string
  serial: string
}

const digests: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
/** Signature algorithms by identifier; `undefined`: the digest is the signer's. */
const signatures: Readonly<Record<string, { kind: 'rsa' | 'ec' | 'ed25519'; digest?: string }>> = {
  '1.2.840.113549.1.1.1': { kind: 'rsa' },
  '1.2.840.113549.1.1.11': { kind: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { kind: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { kind: 'rsa', digest: 'sha512' },
  '1.2.840.10045.4.3.2': { kind: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { kind: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { kind: 'ec', digest: 'sha512' },
}
const timeStamping = '1.3.6.1.5.5.7.3.8'
const extendedKeyUsage = '2.5.29.37'
const longestChain = 5

/**
 * What an RFC 3161 token says about these bytes, under authorities that the reader trusts.
 *
 * @param roots - DER certificates of the authorities, or of those who certify them.
 * @throws ProtocolError `time-stamp-shape`, `time-stamp-data`, `time-stamp-signature`, `time-stamp-authority`
 */
export function verifyTimeStamp(
  file: Uint8Array,
  { data, roots }: { data: Uint8Array; roots: readonly Uint8Array[] },
): TimeStamp {
  const token = readToken(file)
  const imprint = digests[token.imprint.algorithm]
  if (!imprint || !same(hash(imprint, data), token.imprint.hash)) throw wrong('time-stamp-data', 'hash')
  // What cannot be read cannot stand behind anything; trusted ones come first where two bear one name.
  const certificates = [...roots, ...token.certificates].flatMap((der) => readCertificate(der) ?? [])
  const signer = certificates.find((one) => isNamed(one, token.signer.named))
  if (!signer) throw wrong('time-stamp-authority', 'the certificate of the authority is not there')
  requireSignature(token, signer)
  requireTrust(signer, certificates, new Set(roots.map((root) => hash('sha256', root).toString('hex'))), token.time)
  return { time: token.time, authority: signer.x509.subject, serial: token.serial }
}

/** A request for a token over these bytes (RFC 3161 §2.4.1): SHA-256, with the certificate. */
export function timeStampRequest(data: Uint8Array, nonce: Uint8Array): Uint8Array {
  const algorithm = encode(tags.sequence, Buffer.from('0609608648016503040201', 'hex'))
  const imprint = encode(tags.sequence, Buffer.concat([algorithm, encode(tags.octets, hash('sha256', data))]))
  // Positive, and in its shortest form.
  const number = encode(tags.integer, Buffer.concat([Buffer.from([0x40]), nonce]))
  const body = [encode(tags.integer, Buffer.from([1])), imprint, number, encode(tags.boolean, Buffer.from([0xff]))]
  return encode(tags.sequence, Buffer.concat(body))
}

/** Whether a token answers that request and no other. */
export function answersNonce(file: Uint8Array, nonce: Uint8Array): boolean {
  return same(readToken(file).nonce ?? new Uint8Array(), Buffer.concat([Buffer.from([0x40]), nonce]))
}

function encode(tag: number, content: Uint8Array): Buffer {
  const { length } = content
  const head = length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length]
  return Buffer.concat([Buffer.from(head), content])
}

interface Certificate {
  x509: X509Certificate
  der: Uint8Array
  issuer: Uint8Array
  serial: Uint8Array
  extensions: ReadonlyMap<string, { isCritical: boolean; value: Uint8Array }>
}

function readCertificate(der: Uint8Array): Certificate | undefined {
  try {
    return partsOf(der)
  } catch {
    return undefined
  }
}

function partsOf(der: Uint8Array): Certificate {
  const [body] = inside(readDer(der), tags.sequence)
  const fields = inside(body, tags.sequence)
  if (fields[0]?.tag === 0xa0) fields.shift()
  const [serial, , issuer] = fields
  const last = fields.at(-1)
  const listed = last?.tag === 0xa3 ? inside(inside(last, 0xa3)[0], tags.sequence) : []
  const extensions = listed.map((one) => {
    const parts = inside(one, tags.sequence)
    const value = contentOf(parts.at(-1), tags.octets)
    return [oidOf(parts[0]), { isCritical: parts.length === 3 && parts[1]?.content[0] === 0xff, value }] as const
  })
  const shape = { der, issuer: issuer?.whole ?? der, serial: contentOf(serial, tags.integer) }
  return { ...shape, x509: new X509Certificate(der), extensions: new Map(extensions) }
}

function isNamed(one: Certificate, named: Token['signer']['named']): boolean {
  if ('issuer' in named) return same(one.issuer, named.issuer) && same(one.serial, named.serial)
  const found = one.extensions.get('2.5.29.14')
  return found !== undefined && same(contentOf(readDer(found.value), tags.octets), named.keyId)
}

function requireSignature({ signer, info }: Token, certificate: Certificate): void {
  const digest = digests[signer.digest]
  const algorithm = signatures[signer.algorithm]
  if (!digest || !algorithm) throw wrong('time-stamp-signature', 'algorithm')
  const value = (id: string): Der => {
    const found = signer.attributes.get(id)
    if (!found) throw wrong('time-stamp-signature', `attribute ${id}`)
    return found
  }
  if (oidOf(value(oids.contentType)) !== oids.info) throw wrong('time-stamp-signature', 'content type')
  if (!same(contentOf(value(oids.messageDigest), tags.octets), hash(digest, info)))
    throw wrong('time-stamp-signature', 'digest')
  requireBinding(signer, certificate.der)
  const { publicKey } = certificate.x509
  if (publicKey.asymmetricKeyType !== algorithm.kind) throw wrong('time-stamp-signature', 'algorithm')
  if (!isSignedBy(publicKey, signer, algorithm.digest ?? digest)) throw wrong('time-stamp-signature', 'signature')
}

function isSignedBy(key: KeyObject, { signed, signature }: Token['signer'], digest: string): boolean {
  try {
    return verify(digest, signed, key, signature)
  } catch {
    return false
  }
}

/** The authority says under its signature which certificate is its own (RFC 5816). */
function requireBinding({ attributes }: Token['signer'], certificate: Uint8Array): void {
  const second = attributes.get(oids.signingCertificateV2)
  const first = attributes.get(oids.signingCertificate)
  const [certificates] = inside(second ?? first, tags.sequence)
  const fields = inside(inside(certificates, tags.sequence)[0], tags.sequence)
  const named = second && fields[0]?.tag === tags.sequence ? digests[algorithmOf(fields.shift())] : 'sha256'
  const digest = second ? named : 'sha1'
  if (!digest || !same(contentOf(fields[0], tags.octets), hash(digest, certificate)))
    throw wrong('time-stamp-signature', 'signing certificate')
}

function requireTrust(
  signer: Certificate,
  all: readonly Certificate[],
  trusted: ReadonlySet<string>,
  time: number,
): void {
  const usage = signer.extensions.get(extendedKeyUsage)
  const uses = usage ? inside(readDer(usage.value), tags.sequence).map(oidOf) : []
  if (!usage?.isCritical || uses.length !== 1 || uses[0] !== timeStamping)
    throw wrong('time-stamp-authority', 'its certificate is not for time-stamps alone')
  let one = signer
  for (let depth = 0; depth < longestChain; depth += 1) {
    const { validFromDate, validToDate } = one.x509
    if (time < validFromDate.getTime() || time > validToDate.getTime())
      throw wrong('time-stamp-authority', `${one.x509.subject} was not valid then`)
    if (trusted.has(hash('sha256', one.der).toString('hex'))) return
    const { x509 } = one
    const above = all.find(({ x509: next }) => next.ca && x509.checkIssued(next) && x509.verify(next.publicKey))
    if (!above || above === one) break
    one = above
  }
  throw wrong('time-stamp-authority', 'no certificate that is trusted stands above it')
}

function hash(algorithm: string, bytes: Uint8Array): Buffer {
  return createHash(algorithm).update(bytes).digest()
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function wrong(rule: 'time-stamp-data' | 'time-stamp-signature' | 'time-stamp-authority', detail: string) {
  return new ProtocolError(rule, detail)
}
