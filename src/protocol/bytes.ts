import { hash } from 'node:crypto'
import { ProtocolError } from './protocol-error.ts'

/** base64url without padding. */
export function toBase64url(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64url')
}

/** Bytes of strict base64url: no padding, no other alphabet, unused bits zero. Throws `base64url`. */
export function fromBase64url(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw new ProtocolError('base64url', shorten(text))
  return plain(bytes)
}

/** Standard padded base64, as C2SP texts use it. */
export function toBase64(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('base64')
}

/** Bytes of strict padded standard base64, or undefined. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? new Uint8Array(bytes) : undefined
}

export function sha256(bytes: Uint8Array): Uint8Array {
  // As text, which costs half: for a Buffer of its own each digest would allocate outside the heap.
  return plain(Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1'))
}

/** base64url of SHA-256. */
export function sha256Text(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url')
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}

export function joinBytes(...pieces: Uint8Array[]): Uint8Array {
  return plain(Buffer.concat(pieces))
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Each byte as the character of its number: for texts that turn out to be ASCII. */
export function asLatin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1')
}

/** Bytes of ASCII text. */
export function asciiBytes(text: string): Uint8Array {
  return plain(Buffer.from(text, 'latin1'))
}

/** Text of well-formed UTF-8, a byte order mark kept. Throws `bytes-utf8`. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new ProtocolError('bytes-utf8', `${bytes.length} bytes`)
  }
}

/** Base64url text of exactly `length` bytes? */
export function isBase64urlOf(text: string, length: number): boolean {
  if (text.length !== Math.ceil((length * 4) / 3)) return false
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === length && bytes.toString('base64url') === text
}

/** Length in code points, as every limit in characters is counted. */
export function characters(text: string): number {
  let count = text.length
  for (let at = 1; at < text.length; at += 1) {
    const pair = (text.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(at) & 0xfc00) === 0xdc00
    if (pair) count -= 1
  }
  return count
}

export function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

/** The same bytes without Buffer's own methods, which deep comparison would notice. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
