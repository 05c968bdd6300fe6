import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { decapsulate, encapsulate, type SealingSecret } from './x-wing.ts'

// RFC 9180, base mode, one message: KEM X-Wing, KDF HKDF-SHA256, AEAD AES-256-GCM.
const suite = Buffer.from([...Buffer.from('HPKE'), 0x64, 0x7a, 0x00, 0x01, 0x00, 0x02])
const tagBytes = 16

/** What both sides must agree on beside the keys. */
export interface HpkeContext {
  /** What the message is for. */
  info: Uint8Array
  /** What it belongs to. */
  aad: Uint8Array
}

/** Encrypts to the owner of a sealing key: encapsulation, and ciphertext with its tag. */
export function hpkeSeal(
  publicKey: Uint8Array,
  plaintext: Uint8Array,
  { info, aad }: HpkeContext,
): { enc: Uint8Array; ciphertext: Uint8Array } {
  const { enc, shared } = encapsulate(publicKey)
  const { key, nonce } = keySchedule(shared, info)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
  return { enc, ciphertext: new Uint8Array(ciphertext) }
}

/** The plaintext; undefined when it was not made for this key and context. */
export function hpkeOpen(
  secret: SealingSecret,
  { enc, ciphertext }: { enc: Uint8Array; ciphertext: Uint8Array },
  { info, aad }: HpkeContext,
): Uint8Array | undefined {
  const end = ciphertext.length - tagBytes
  try {
    const { key, nonce } = keySchedule(decapsulate(secret, enc), info)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(aad).setAuthTag(ciphertext.subarray(end))
    return new Uint8Array(Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()]))
  } catch {
    return undefined
  }
}

/** Key and nonce of the first message (RFC 9180 §5.1, mode 0, no PSK). */
function keySchedule(shared: Uint8Array, info: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const none = new Uint8Array()
  const context = Buffer.concat([
    Uint8Array.of(0),
    labeledExtract(none, 'psk_id_hash', none),
    labeledExtract(none, 'info_hash', info),
  ])
  const secret = labeledExtract(shared, 'secret', none)
  return {
    key: labeledExpand(secret, 'key', context, 32),
    nonce: labeledExpand(secret, 'base_nonce', context, 12),
  }
}

function labeledExtract(salt: Uint8Array, label: string, ikm: Uint8Array): Buffer {
  const key = salt.length > 0 ? salt : Buffer.alloc(32)
  return createHmac('sha256', key)
    .update(Buffer.concat([Buffer.from('HPKE-v1'), suite, Buffer.from(label), ikm]))
    .digest()
}

/** At most 32 bytes: one block of HKDF-Expand. */
function labeledExpand(key: Uint8Array, label: string, context: Uint8Array, length: number): Uint8Array {
  const info = Buffer.concat([Buffer.from([0, length]), Buffer.from('HPKE-v1'), suite, Buffer.from(label), context])
  const block = createHmac('sha256', key).update(info).update(Uint8Array.of(1)).digest()
  return new Uint8Array(block.subarray(0, length))
}
