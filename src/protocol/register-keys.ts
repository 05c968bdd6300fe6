import type { z } from 'zod'
import { fromBase64url, sha256Text } from './bytes.ts'
import {
  type actKeySchema,
  type registerFoundedBody,
  registerRecoveredBody,
  registerRevokedBody,
  registerRotatedBody,
} from './governance.ts'
import { isUsableKey, kidOf } from './keys.ts'
import type { Json } from './types.ts'

/** An act key and the positions at which its signatures count: from `from` up to, not including, `until`. */
export interface KeySpan {
  kid: string
  key: string
  from: number
  until?: number
}

/** What a register has committed to without showing it: SHA-256 of raw public keys, base64url. */
export interface RegisterCommitments {
  next: string
  recovery: string[]
}

/** Keys that a register shows for other uses than acts. */
export interface PublishedKeys {
  node: string
  cosigner: string
  sealing: string
}

/** Keys and commitments of a register so far. */
export interface RegisterKeys {
  keys: KeySpan[]
  commitments: RegisterCommitments
}

type ActKey = z.infer<typeof actKeySchema>

/** The commitment to a key: SHA-256 of its raw 32 bytes, base64url. */
export function keyCommitment(publicKey: string): string {
  return sha256Text(fromBase64url(publicKey))
}

/** Is the key usable and its id the thumbprint of it? */
export function isActKey({ kid, key }: ActKey): boolean {
  return isUsableKey(key) && kidOf(key) === kid
}

export function foundedKeys(body: z.infer<typeof registerFoundedBody>): RegisterKeys {
  return { keys: [{ ...body.act, from: 0 }], commitments: { next: body.next, recovery: body.recovery } }
}

/**
 * The key that must have signed a key event of a register, when the event's
 * own body shows it under an earlier commitment; undefined otherwise.
 */
export function committedKey(type: string, body: Json, { next, recovery }: RegisterCommitments): ActKey | undefined {
  const allowed = {
    'register.rotated': [next],
    'register.revoked': [next, ...recovery],
    'register.recovered': recovery,
  }
  const key = shownKey(type, body)
  const hashes = Object.hasOwn(allowed, type) ? allowed[type as keyof typeof allowed] : []
  return key && isActKey(key) && hashes.includes(keyCommitment(key.key)) ? key : undefined
}

/** The register's keys after an event signed by `signer` at `index`; undefined when it has no effect. */
export function keysAfter(
  before: RegisterKeys,
  event: { type: string; body: Json; signer: string; index: number },
): RegisterKeys | undefined {
  switch (event.type) {
    case 'register.rotated':
      return rotated(before, event)
    case 'register.revoked':
      return revoked(before, event)
    case 'register.recovered':
      return recovered(before, event)
    default:
      return undefined
  }
}

interface Event {
  body: Json
  signer: string
  index: number
}

/** What an effective `register.rotated` publishes beside its act key; keys it leaves out stay as they were. */
export function publishedAfter(before: PublishedKeys, body: Json): PublishedKeys {
  const { nodes, cosigner, sealing } = registerRotatedBody.safeParse(body).data ?? {}
  return {
    node: nodes?.[0] ?? before.node,
    cosigner: cosigner ?? before.cosigner,
    sealing: sealing ?? before.sealing,
  }
}

function rotated({ keys, commitments }: RegisterKeys, { body, signer, index }: Event): RegisterKeys | undefined {
  const parsed = registerRotatedBody.safeParse(body)
  if (!parsed.success || parsed.data.act.kid !== signer || !committedKey('register.rotated', body, commitments)) return
  const { act, next } = parsed.data
  return {
    keys: [...ended(keys, index, () => true), { ...act, from: index }],
    commitments: { ...commitments, next },
  }
}

function revoked({ keys, commitments }: RegisterKeys, { body, index }: Event): RegisterKeys | undefined {
  const parsed = registerRevokedBody.safeParse(body)
  if (!parsed.success || !keys.some((span) => span.kid === parsed.data.kid && span.until === undefined)) return
  return { keys: ended(keys, index, (span) => span.kid === parsed.data.kid), commitments }
}

function recovered({ keys, commitments }: RegisterKeys, { body, signer, index }: Event): RegisterKeys | undefined {
  const parsed = registerRecoveredBody.safeParse(body)
  if (!parsed.success || parsed.data.by.kid !== signer || !isActKey(parsed.data.act)) return
  if (!committedKey('register.recovered', body, commitments)) return
  const { act, by, next } = parsed.data
  const left = commitments.recovery.filter((hash) => hash !== keyCommitment(by.key))
  return {
    keys: [...ended(keys, index, () => true), { ...act, from: index }],
    commitments: { next, recovery: parsed.data.recovery ?? left },
  }
}

function ended(keys: KeySpan[], index: number, which: (span: KeySpan) => boolean): KeySpan[] {
  return keys.map((span) => (span.until === undefined && which(span) ? { ...span, until: index } : span))
}

function shownKey(type: string, body: Json): ActKey | undefined {
  if (type === 'register.rotated') return registerRotatedBody.safeParse(body).data?.act
  if (type === 'register.revoked') return registerRevokedBody.safeParse(body).data?.by
  return registerRecoveredBody.safeParse(body).data?.by
}
