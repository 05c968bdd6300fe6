import { contentOf, type Der, inside, numberOf, oidOf, readDer, tags, unfit } from './der.ts'

/** A time-stamp token of RFC 3161, taken apart and not yet believed. */
export interface Token {
  /** What the authority says it stamped, and when. */
  imprint: { algorithm: string; hash: Uint8Array }
  /** ms since epoch UTC. */
  time: number
  /** Base-10 number of the token at its authority. */
  serial: string
  nonce?: Uint8Array
  /** The bytes that say so. */
  info: Uint8Array
  signer: {
    /** Issuer and serial number, or key identifier: whole DER of either. */
    named: { issuer: Uint8Array; serial: Uint8Array } | { keyId: Uint8Array }
    digest: string
    algorithm: string
    /** Signed attributes by object identifier, one value each. */
    attributes: ReadonlyMap<string, Der>
    /** What the signature is over. */
    signed: Uint8Array
    signature: Uint8Array
  }
  /** Certificates that came along, DER. */
  certificates: Uint8Array[]
}

export const oids = {
  signedData: '1.2.840.113549.1.7.2',
  info: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const

const context0 = 0xa0
const context1 = 0xa1

/** Reads what an authority answered, or the token alone. @throws ProtocolError `time-stamp-shape` */
export function readToken(bytes: Uint8Array): Token {
  const [first, second, ...more] = inside(readDer(bytes), tags.sequence)
  if (first?.tag === tags.oid) return readSignedData(first, second)
  const status = numberOf(inside(first, tags.sequence)[0])
  if (status > 1) throw unfit(`the authority refused (${status})`)
  if (more.length > 0) throw unfit('response')
  const [type, content, ...rest] = inside(second, tags.sequence)
  if (rest.length > 0) throw unfit('token')
  return readSignedData(type, content)
}

function readSignedData(type: Der | undefined, content: Der | undefined): Token {
  if (oidOf(type) !== oids.signedData) throw unfit('no signed data')
  const [outer, ...beside] = inside(content, context0)
  const fields = inside(outer, tags.sequence)
  const [version, digests, encapsulated] = fields
  if (beside.length > 0 || numberOf(version) !== 3) throw unfit('signed data')
  for (const digest of inside(digests, tags.set)) algorithmOf(digest)
  const rest = fields.slice(3)
  const certificates = rest[0]?.tag === context0 ? inside(rest.shift(), context0).map(({ whole }) => whole) : []
  // Lists of revocations say what was true when they were made; they are not looked at.
  if (rest[0]?.tag === context1) rest.shift()
  const [signers, ...others] = rest
  const [signer, ...second] = inside(signers, tags.set)
  if (others.length > 0 || second.length > 0) throw unfit('one signer')
  const [infoType, wrapped] = inside(encapsulated, tags.sequence)
  if (oidOf(infoType) !== oids.info) throw unfit('no time-stamp')
  const info = contentOf(inside(wrapped, context0)[0], tags.octets)
  return { ...readInfo(info), info, signer: readSigner(signer), certificates }
}

function readInfo(info: Uint8Array): Pick<Token, 'imprint' | 'time' | 'serial' | 'nonce'> {
  const [version, policy, imprint, serial, time, ...rest] = inside(readDer(info), tags.sequence)
  if (numberOf(version) !== 1) throw unfit('version')
  oidOf(policy)
  const [algorithm, hash, ...more] = inside(imprint, tags.sequence)
  if (more.length > 0) throw unfit('imprint')
  // accuracy, ordering, nonce, authority, extensions: each at most once, in this order.
  const order = [tags.sequence, tags.boolean, tags.integer, context0, context1]
  let at = 0
  let nonce: Uint8Array | undefined
  for (const one of rest) {
    while (at < order.length && order[at] !== one.tag) at += 1
    if (at === order.length) throw unfit('time-stamp')
    if (one.tag === tags.integer) nonce = one.content
    if (one.tag === context1) throw unfit('extension')
    at += 1
  }
  return {
    imprint: { algorithm: algorithmOf(algorithm), hash: contentOf(hash, tags.octets) },
    time: timeOf(contentOf(time, tags.time)),
    serial: serialOf(contentOf(serial, tags.integer)),
    ...(nonce ? { nonce } : {}),
  }
}

function serialOf(bytes: Uint8Array): string {
  const [first = 0x80, second = 0x80] = bytes
  if (first >= 0x80 || (first === 0 && bytes.length > 1 && second < 0x80)) throw unfit('serial number')
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`).toString()
}

function readSigner(signer: Der | undefined): Token['signer'] {
  const [version, named, digest, attributes, algorithm, signature, ...rest] = inside(signer, tags.sequence)
  if (rest.length > 1 || (rest[0] && rest[0].tag !== context1)) throw unfit('signer')
  if (!named || !attributes || numberOf(version) !== (named.tag === 0x80 ? 3 : 1)) throw unfit('signer')
  const read = new Map<string, Der>()
  for (const attribute of inside(attributes, context0)) {
    const [type, values, ...more] = inside(attribute, tags.sequence)
    const [value, ...others] = inside(values, tags.set)
    const id = oidOf(type)
    if (!value || others.length > 0 || more.length > 0 || read.has(id)) throw unfit('attribute')
    read.set(id, value)
  }
  // Signed as the set that they are (RFC 5652 §5.4).
  const signed = Uint8Array.from(attributes.whole)
  signed[0] = tags.set
  return {
    named: nameOf(named),
    digest: algorithmOf(digest),
    algorithm: algorithmOf(algorithm),
    attributes: read,
    signed,
    signature: contentOf(signature, tags.octets),
  }
}

function nameOf(named: Der): Token['signer']['named'] {
  if (named.tag === 0x80) return { keyId: named.content }
  const [issuer, serial, ...rest] = inside(named, tags.sequence)
  if (issuer?.tag !== tags.sequence || rest.length > 0) throw unfit('signer')
  return { issuer: issuer.whole, serial: contentOf(serial, tags.integer) }
}

/** Algorithms with parameters that matter (RSA-PSS) are not read. */
export function algorithmOf(value: Der | undefined): string {
  const [id, parameters, ...rest] = inside(value, tags.sequence)
  const isPlain = !parameters || (parameters.tag === 0x05 && parameters.content.length === 0)
  if (!isPlain || rest.length > 0) throw unfit('algorithm')
  return oidOf(id)
}

const generalizedTime = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,8}[1-9]))?Z$/

function timeOf(bytes: Uint8Array): number {
  const text = Buffer.from(bytes).toString('latin1')
  const [, year, month, day, hour, minute, second, fraction = '0'] = generalizedTime.exec(text) ?? []
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const time = Date.parse(`${whole}Z`)
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(whole)) throw unfit('time')
  return time + Math.floor(Number(`0.${fraction}`) * 1000)
}
