import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'
import { canonicalBytes, fromBase64url, type Json, toBase64url } from '../../protocol/index.ts'
import { KeysLocked } from './keys-locked.ts'

/** What opens the keys: a passphrase somebody knows, or the content of a key file. */
export interface Secret {
  kind: 'passphrase' | 'key-file'
  bytes: Uint8Array
}

export type Protection = 'none' | Secret['kind']

const header = z.strictObject({
  format: z.literal('chancery-keys'),
  v: z.literal(1),
  protection: z.enum(['passphrase', 'key-file']),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    // Bounds of work and memory: a planted file must not stop the node for hours.
    n: z
      .int()
      .min(1024)
      .max(2 ** 20),
    r: z.literal(8),
    p: z.literal(1),
    salt: z.string().max(64),
  }),
  cipher: z.literal('AES-256-GCM'),
  nonce: z.string().length(16),
})
const sealedFile = z.strictObject({ header, sealed: z.string().max(4 * 1024 * 1024) })

export type Header = z.infer<typeof header>
export type SealedFile = z.infer<typeof sealedFile>

/** A secret made ready for one file: what the slow derivation gave, and its salt. */
export interface DerivedKey {
  protection: Secret['kind']
  kdf: Header['kdf']
  key: Buffer
}

/** 128 MiB and about half a second on the machine of 2026: what each guess at a passphrase costs. */
const usualCost = 2 ** 17

/** Is this the content of a protected file? */
export function isSealed(value: unknown): value is SealedFile {
  return sealedFile.safeParse(value).success
}

export async function deriveFresh(secret: Secret, cost = usualCost): Promise<DerivedKey> {
  return derive(secret, { name: 'scrypt', n: cost, r: 8, p: 1, salt: toBase64url(randomBytes(32)) })
}

/** The key of a file from a secret; whether it is the right one shows when the file opens. */
export async function deriveFor({ header: { kdf, protection } }: SealedFile, secret: Secret): Promise<DerivedKey> {
  if (secret.kind !== protection) throw new KeysLocked('other-kind', protection)
  return derive(secret, kdf)
}

/** What the secret gives with the salt of an earlier derivation. */
export function deriveAgain(secret: Secret, { kdf }: DerivedKey): Promise<DerivedKey> {
  return derive(secret, kdf)
}

async function derive(secret: Secret, kdf: Header['kdf']): Promise<DerivedKey> {
  const options = { N: kdf.n, r: kdf.r, p: kdf.p, maxmem: 256 * kdf.n * kdf.r }
  const key = await new Promise<Buffer>((resolve, reject) =>
    scrypt(secret.bytes, fromBase64url(kdf.salt), 32, options, (error, made) =>
      error ? reject(error) : resolve(made),
    ),
  )
  return { protection: secret.kind, kdf, key }
}

/** The content under AES-256-GCM with a fresh nonce; the header is authenticated with it. */
export function seal(content: Json, { protection, kdf, key }: DerivedKey): SealedFile {
  const nonce = randomBytes(12)
  const head: Header = {
    format: 'chancery-keys',
    v: 1,
    protection,
    kdf,
    cipher: 'AES-256-GCM',
    nonce: toBase64url(nonce),
  }
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(canonicalBytes(head))
  const bytes = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { header: head, sealed: toBase64url(bytes) }
}

/** @throws {@link KeysLocked} when the secret is another one, or a single bit of the file was changed. */
export function open({ header: head, sealed }: SealedFile, { key }: DerivedKey): unknown {
  const bytes = fromBase64url(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, fromBase64url(head.nonce))
    .setAAD(canonicalBytes(head))
    .setAuthTag(bytes.subarray(-16))
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()])
    return JSON.parse(plain.toString('utf8'))
  } catch {
    throw new KeysLocked('wrong-secret', head.protection)
  }
}
