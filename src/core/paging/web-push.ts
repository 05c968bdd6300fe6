import {
  createCipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto'
import type { Wire } from '../federation/index.ts'
import { attempt, resultOf } from './hook.ts'
import type { PagingDevice, PagingResult } from './types.ts'

/** Browser makers through whom a push may pass; nothing else is ever posted to at a browser's word. */
const makers = [
  /^fcm\.googleapis\.com$/,
  /(^|\.)push\.services\.mozilla\.com$/,
  /(^|\.)push\.apple\.com$/,
  /(^|\.)notify\.windows\.com$/,
]

const timeoutMs = 10_000
const recordBytes = 4_096
/** All notifications are equally long: their size tells nothing. */
const paddedBytes = 512
/** A page that waited longer than this at the maker's is of no use. */
const liveSeconds = 600

export function isPushAddress(endpoint: string): boolean {
  const url = endpoint.length <= 1_000 && URL.canParse(endpoint) ? new URL(endpoint) : undefined
  return url?.protocol === 'https:' && url.port === '' && makers.some((one) => one.test(url.hostname))
}

/** Where it is encrypted to. */
export type PushKeys = Pick<PagingDevice, 'p256dh' | 'auth'>

/** A key by which push services know this node (RFC 8292). */
export function newVapidKey(): { privateKey: string; publicKey: string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const { x, y } = privateKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
  return {
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
    publicKey: point.toString('base64url'),
  }
}

/** `Authorization` of one push: who sends it, to which service, until when. */
export function vapidHeader(
  vapid: { privateKey: string; publicKey: string },
  { endpoint, subject, nowMs }: { endpoint: string; subject: string; nowMs: number },
): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { aud: new URL(endpoint).origin, exp: Math.floor(nowMs / 1000) + 12 * 3_600, sub: subject }
  const signed = `${part({ typ: 'JWT', alg: 'ES256' })}.${part(claims)}`
  const key = createPrivateKey({ key: Buffer.from(vapid.privateKey, 'base64url'), format: 'der', type: 'pkcs8' })
  const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
  return `vapid t=${signed}.${signature}, k=${vapid.publicKey}`
}

/** Encrypts for one browser (RFC 8291, one `aes128gcm` record). `given` is for the vector of the RFC alone. */
export function encryptPush(
  content: Uint8Array,
  { p256dh, auth }: PushKeys,
  given: { privateKey?: Uint8Array; salt?: Uint8Array; paddedTo?: number } = {},
): Buffer {
  const ours = createECDH('prime256v1')
  if (given.privateKey) ours.setPrivateKey(Buffer.from(given.privateKey))
  else ours.generateKeys()
  const theirs = Buffer.from(p256dh, 'base64url')
  const publicKey = ours.getPublicKey()
  const salt = Buffer.from(given.salt ?? randomBytes(16))
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), theirs, publicKey])
  const secret = expand(extract(Buffer.from(auth, 'base64url'), ours.computeSecret(theirs)), info, 32)
  const seed = extract(salt, secret)
  const key = expand(seed, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = expand(seed, Buffer.from('Content-Encoding: nonce\0'), 12)
  const padding = Buffer.alloc(Math.max(0, (given.paddedTo ?? paddedBytes) - content.byteLength))
  const cipher = createCipheriv('aes-128-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(Buffer.concat([content, Buffer.from([2]), padding])), cipher.final()])
  const head = Buffer.alloc(21)
  salt.copy(head)
  head.writeUInt32BE(recordBytes, 16)
  head.writeUInt8(publicKey.byteLength, 20)
  return Buffer.concat([head, publicKey, sealed, cipher.getAuthTag()])
}

const extract = (salt: Uint8Array, secret: Uint8Array) => createHmac('sha256', salt).update(secret).digest()
/** One block of HKDF is all that is ever needed here. */
const expand = (key: Uint8Array, info: Uint8Array, length: number) =>
  createHmac('sha256', key)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length)

/** Hands a push to the maker of a browser. */
export function pushTo(
  wire: Wire,
  device: PagingDevice,
  {
    content,
    vapid,
    subject,
    nowMs,
  }: {
    content: object
    vapid: { privateKey: string; publicKey: string }
    subject: string
    nowMs: number
  },
): Promise<PagingResult> {
  const body = encryptPush(Buffer.from(JSON.stringify(content)), device)
  return attempt(async () => {
    const { status } = await wire.send({
      method: 'POST',
      url: device.endpoint,
      headers: {
        authorization: vapidHeader(vapid, { endpoint: device.endpoint, subject, nowMs }),
        'content-type': 'application/octet-stream',
        'content-encoding': 'aes128gcm',
        ttl: String(liveSeconds),
        urgency: 'high',
      },
      body,
      timeoutMs,
      maxBytes: recordBytes,
    })
    return status === 404 || status === 410 ? 'device-gone' : resultOf(status)
  })
}
