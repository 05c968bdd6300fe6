import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto'
import { z } from 'zod'
import { canonicalBytes, fromBase64url, toBase64url } from '../../protocol/index.ts'
import type { Json } from '../../protocol/types.ts'

/** The key of a room is another one each hour, and the earlier ones cannot be had back from the later ones. */
export const hourMs = 3_600_000

export interface RoomKey {
  /** Hours since the opening. */
  hour: number
  /** 32 bytes. */
  key: Uint8Array
}

export function newRoomKey(): RoomKey {
  return { hour: 0, key: new Uint8Array(randomBytes(32)) }
}

/** The key of a later hour, or of the same. @throws RangeError for an earlier one, which nobody can have */
export function keyOfHour({ hour, key }: RoomKey, wanted: number, room: string): RoomKey {
  if (wanted < hour) throw new RangeError(`the key of hour ${wanted} is gone`)
  let at = key
  for (let step = hour; step < wanted; step += 1) at = derive(at, room, 'chancery/off-record/next/1')
  return { hour: wanted, key: at }
}

export interface Sealed {
  nonce: string
  box: string
}

/** Seals with AES-256-GCM: whoever holds the key can check it, and could have made it. */
export function sealWords(at: RoomKey, room: string, content: Json): Sealed {
  return seal(derive(at.key, room, 'chancery/off-record/words/1'), { v: 1, room, hour: at.hour }, pad(content))
}

export function openWords(at: RoomKey, room: string, sealed: Sealed): unknown {
  const opened = open(derive(at.key, room, 'chancery/off-record/words/1'), { v: 1, room, hour: at.hour }, sealed)
  return opened && unpad(opened)
}

/** The room's key for one party that joined, under what only its key and ours agree on. */
export function wrapRoomKey(at: RoomKey, between: Between): Sealed {
  const { room, joined } = between
  return seal(agreed(between), { v: 1, room, joined }, canonicalBytes({ hour: at.hour, key: toBase64url(at.key) }))
}

const wrapped = z.strictObject({ hour: z.int().min(0).max(100_000), key: z.string().length(43) })

/** Undefined for whatever is no key of this room for us, also from the party that opened it. */
export function unwrapRoomKey(sealed: Sealed, between: Between): RoomKey | undefined {
  const { room, joined } = between
  const opened = open(agreed(between), { v: 1, room, joined }, sealed)
  if (!opened) return undefined
  try {
    const { hour, key } = wrapped.parse(JSON.parse(Buffer.from(opened).toString('utf8')))
    return { hour, key: fromBase64url(key) }
  } catch {
    return undefined
  }
}

interface Between {
  room: string
  /** Hash of the joining act. */
  joined: string
  /** PKCS #8, base64url. */
  ours: string
  /** X25519, 32 bytes, base64url. */
  theirs: string
}

export function newKeyPair(): { privateKey: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('x25519')
  const der = privateKey.export({ format: 'der', type: 'pkcs8' })
  return { privateKey: toBase64url(der), publicKey: publicKeyOf(toBase64url(der)) }
}

export function publicKeyOf(privateKey: string): string {
  const key = createPublicKey(readPrivate(privateKey))
  return toBase64url(key.export({ format: 'raw-public' }))
}

function agreed({ room, joined, ours, theirs }: Between): Uint8Array {
  const publicKey = createPublicKey({
    key: Buffer.from(fromBase64url(theirs)),
    format: 'raw-public',
    asymmetricKeyType: 'x25519',
  })
  const secret = diffieHellman({ privateKey: readPrivate(ours), publicKey })
  return derive(secret, `${room}${joined}`, 'chancery/off-record/key/1')
}

function readPrivate(key: string) {
  return createPrivateKey({ key: Buffer.from(fromBase64url(key)), format: 'der', type: 'pkcs8' })
}

function derive(key: Uint8Array, salt: string, info: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, info, 32))
}

function seal(key: Uint8Array, about: Json, content: Uint8Array): Sealed {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(canonicalBytes(about))
  const box = Buffer.concat([cipher.update(content), cipher.final(), cipher.getAuthTag()])
  return { nonce: toBase64url(nonce), box: toBase64url(box) }
}

function open(key: Uint8Array, about: Json, { nonce, box }: Sealed): Uint8Array | undefined {
  try {
    const bytes = Buffer.from(fromBase64url(box))
    const decipher = createDecipheriv('aes-256-gcm', key, fromBase64url(nonce), { authTagLength: 16 })
    decipher.setAAD(canonicalBytes(about)).setAuthTag(bytes.subarray(-16))
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]))
  } catch {
    return undefined
  }
}

const blockBytes = 512

/** Lengths tell little: up to the next multiple of half a kibibyte. */
function pad(content: Json): Uint8Array {
  const bytes = canonicalBytes(content)
  const padded = new Uint8Array(Math.ceil((bytes.length + 1) / blockBytes) * blockBytes)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  return padded
}

function unpad(padded: Uint8Array): unknown {
  const end = Buffer.from(padded).lastIndexOf(0x80)
  try {
    return JSON.parse(Buffer.from(padded.subarray(0, end)).toString('utf8'))
  } catch {
    return undefined
  }
}
