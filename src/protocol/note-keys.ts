import {
  fromBase64,
  fromBase64url,
  isBase64urlOf,
  joinBytes,
  sameBytes,
  sha256,
  toBase64,
  toBase64url,
  utf8,
} from './bytes.ts'
import { isUsableKey } from './keys.ts'
import { ProtocolError } from './protocol-error.ts'

/** What C2SP calls signature types: the byte that stands before the key. */
export const noteTypes = {
  /** The host's own line. */
  ed25519: 0x01,
  /** Timestamped Ed25519 cosignature. */
  cosignature: 0x04,
  /** Timestamped ML-DSA-44 cosignature. */
  mlDsa44: 0x06,
} as const

export type NoteType = keyof typeof noteTypes

/** A key as it stands in a verifier key text. */
export interface NoteKey {
  name: string
  type: NoteType
  /** base64url raw: 32 bytes, or 1312 of ML-DSA-44. */
  publicKey: string
}

/** Bytes of an ML-DSA-44 public key. */
export const mlDsa44KeyBytes = 1312

/** Verifier key text, `<name>+<key id, hex>+<base64 of type and key>`, as C2SP tools take it. */
export function formatNoteKey(key: NoteKey): string {
  return `${key.name}+${Buffer.from(noteKeyId(key)).toString('hex')}+${toBase64(typedKey(key))}`
}

/**
 * The key in a verifier key text. Throws `note-key` unless the id is that of
 * name and key, the type is known and the key can be used.
 */
export function parseNoteKey(text: string): NoteKey {
  const [, name, id, base64] = /^([^\s+]{1,300})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,2000})$/u.exec(text) ?? []
  const bytes = base64 === undefined ? undefined : fromBase64(base64)
  if (name === undefined || !bytes || bytes.length < 2) throw new ProtocolError('note-key', 'not <name>+<id>+<key>')
  const type = (Object.keys(noteTypes) as NoteType[]).find((one) => noteTypes[one] === bytes[0])
  if (!type) throw new ProtocolError('note-key', `type ${bytes[0]} is not known`)
  const key = { name, type, publicKey: toBase64url(bytes.subarray(1)) }
  const isUsable = type === 'mlDsa44' ? bytes.length === mlDsa44KeyBytes + 1 : isUsableKey(key.publicKey)
  if (!isUsable) throw new ProtocolError('note-key', 'the key is not one of its type')
  if (Buffer.from(noteKeyId(key)).toString('hex') !== id)
    throw new ProtocolError('note-key', 'the id is of another key')
  return key
}

/** First four bytes of SHA-256(name ‖ newline ‖ type ‖ key): what a signature line begins with. */
export function noteKeyId(key: NoteKey): Uint8Array {
  return sha256(joinBytes(utf8(`${key.name}\n`), typedKey(key))).subarray(0, 4)
}

/** A name for a key that nobody can find another key for, unlike its id: base64url SHA-256 of the verifier key text. */
export function noteKeyDigest(key: NoteKey): string {
  return toBase64url(sha256(utf8(formatNoteKey(key))))
}

/** Same key material, whatever it is called. */
export function isSameKey(a: NoteKey, b: NoteKey): boolean {
  return a.publicKey === b.publicKey
}

export function isLineOfKey(line: { name: string; keyHash: Uint8Array }, key: NoteKey): boolean {
  return line.name === key.name && sameBytes(line.keyHash, noteKeyId(key))
}

function typedKey({ type, publicKey }: NoteKey): Uint8Array {
  const length = type === 'mlDsa44' ? mlDsa44KeyBytes : 32
  if (!isBase64urlOf(publicKey, length)) throw new ProtocolError('key', `not ${length} bytes of base64url`)
  return joinBytes(Uint8Array.of(noteTypes[type]), fromBase64url(publicKey))
}
