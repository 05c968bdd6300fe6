import { z } from 'zod'
import { bytesText, hashText, idText, partyText, wholeNumber } from './acts.ts'
import { isBase64urlOf } from './bytes.ts'
import { isUsableKey } from './keys.ts'
import { limits } from './limits.ts'
import { spaceKinds } from './types.ts'

// Bodies of the acts that admission, membership and keys depend on. They are never erased.

const keyText = z.string().refine(isUsableKey, 'not a usable Ed25519 key')
/** X25519 or X-Wing public key; empty while a party takes no part in sealed spaces. */
const sealingText = z
  .string()
  .max(2048)
  .refine((text) => text === '' || isBase64urlOf(text, 32) || isBase64urlOf(text, 1216), 'not a sealing key')
const noteText = z.string().max(limits.note)
const pathText = z.array(hashText).max(63)
const base64urlText = z
  .string()
  .max(128 * 1024)
  .regex(/^[A-Za-z0-9_-]*$/)
/** Texts under free names. Readers differ in what they make of a member called `__proto__`, so none may be. */
const textsUnder = (name: z.ZodString) =>
  z
    .unknown()
    .refine((value) => !(typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')), '__proto__')
    .pipe(z.record(name, z.string().max(300)))
const languageTexts = textsUnder(
  z
    .string()
    .max(35)
    .regex(/^[A-Za-z0-9-]+$/),
)
const originText = z
  .string()
  .min(1)
  .max(300)
  .regex(/^[^\s+]+$/)

/** An act key with its id, the RFC 7638 thumbprint. */
export const actKeySchema = z.strictObject({ kid: hashText, key: keyText })

export const hostSchema = z.strictObject({ party: partyText, origin: originText, key: keyText })

export const memberSnapshotSchema = z.strictObject({
  party: partyText,
  role: z.enum(['member', 'chair', 'observer']),
  register: z.strictObject({ first: hashText, checkpoint: noteText, proof: pathText }),
  act: actKeySchema,
  node: keyText,
  cosigner: keyText,
  sealing: sealingText,
})

export const spaceOpenedBody = z.strictObject({
  kind: z.enum(spaceKinds),
  rules: z.literal(1),
  title: languageTexts,
  purpose: z.string().max(2000),
  host: hostSchema,
  members: z.array(memberSnapshotSchema).min(1).max(limits.members),
  drill: z.strictObject({ name: z.string().min(1).max(200) }).optional(),
  terms: textsUnder(z.string().max(64)).optional(),
  under: z.strictObject({ space: idText, act: hashText }).optional(),
})

/** Brings a party in. In a two-party case or channel it takes effect when the other party has posted the same body. */
export const memberAdmittedBody = z.strictObject({ member: memberSnapshotSchema })

/** A party goes; somebody else may say so only where a chair or host admits. */
export const memberLeftBody = z.strictObject({ party: partyText, reason: z.string().max(64).optional() })

/** An entry of a register with its inclusion path in the checkpoint that comes along. */
export const registerEntrySchema = z.strictObject({
  index: wholeNumber,
  /** Bytes of the entry. */
  leaf: base64urlText,
  path: pathText,
  /** Blob (salt and content) of its body. */
  body: base64urlText,
})

/**
 * Brings a rotation, revocation or recovery from a party's register into a
 * space. `entries` are the founding and every key event up to the newest, in order.
 */
export const keysChangedBody = z.strictObject({
  party: partyText,
  register: z.strictObject({ checkpoint: noteText, entries: z.array(registerEntrySchema).min(2).max(64) }),
})

/** The tree goes on under a new host from this act's own index. */
export const hostChangedBody = z.strictObject({
  host: hostSchema,
  /** Newest checkpoint that a quorum cosigned; acts above it are tendered again. */
  checkpoint: noteText.optional(),
})

/** A member vouches that it held an act at a time before the host had sequenced it. ms. */
export const tenderRecordedBody = z.strictObject({ act: hashText, author: partyText, tendered: wholeNumber })

/** Salt and content of these parts are to be destroyed; the commitments stay. */
export const payloadErasedBody = z.strictObject({
  act: hashText,
  parts: z.array(hashText).min(1).max(limits.parts),
  authority: z.string().max(300).optional(),
})

const wrapMembers = { enc: bytesText(1120), wrapped: bytesText(48) }

/**
 * Keys of the past for a member that came later: the generation key of a key set (`keys`, its commitment), or the
 * content key of one sealed part (`part`, the hash of its sealed bytes), each wrapped to the sealing key of `to`.
 */
export const historyGrantedBody = z.strictObject({
  to: partyText,
  /** Index from which `to` is meant to read. */
  from: wholeNumber,
  wraps: z
    .array(
      z.union([z.strictObject({ keys: hashText, ...wrapMembers }), z.strictObject({ part: hashText, ...wrapMembers })]),
    )
    .min(1)
    .max(limits.grantedKeys),
})

/** The author’s node has destroyed what the act `erasure`, a `space.payload-erased`, asks for. */
export const erasureConfirmedBody = z.strictObject({ erasure: hashText })

export const spaceClosedBody = z.strictObject({ reason: z.string().max(64).optional() })

/**
 * From this act's leaf time on, scenario time is `scenario` (ms since epoch) and advances
 * `rate` scenario ms per real ms: 1 is real time, 60 a minute per second, 0 stands still.
 */
export const drillClockSetBody = z.strictObject({ scenario: wholeNumber, rate: wholeNumber.max(1_000_000) })

export const clockLapsedBody = z.strictObject({ clock: z.string().min(1).max(200) })

/** First entry of a register. Hashes of keys not yet shown are SHA-256 of the raw public key. */
export const registerFoundedBody = z.strictObject({
  party: partyText,
  names: languageTexts,
  act: actKeySchema,
  nodes: z.array(keyText).min(1).max(16),
  cosigner: keyText,
  sealing: sealingText,
  /** Signs the register's checkpoints; their origin is `<party>/spaces/<register>`. */
  host: keyText,
  /** Of the next act key, whose private half is already put away. */
  next: hashText,
  /** Of the two recovery keys kept on paper. */
  recovery: z.array(hashText).length(2),
})

/** Signed by the key committed to as `next`, which is `act` here. Members left out stay as they were. */
export const registerRotatedBody = z.strictObject({
  act: actKeySchema,
  next: hashText,
  nodes: z.array(keyText).min(1).max(16).optional(),
  cosigner: keyText.optional(),
  sealing: sealingText.optional(),
})

/** Ends the key `kid` from here on. `by` is the signing key when it is the committed next or a recovery key. */
export const registerRevokedBody = z.strictObject({
  kid: hashText,
  by: actKeySchema.optional(),
  reason: z.string().max(64).optional(),
})

/** Signed by a recovery key, `by`, which is spent by it: a new act key and commitments; all older act keys end. */
export const registerRecoveredBody = z.strictObject({
  by: actKeySchema,
  act: actKeySchema,
  next: hashText,
  recovery: z.array(hashText).max(2).optional(),
})

/** An act of ours that a host has not put on the record: our register, which peers cosign, shows that it existed. */
export const registerAnchoredBody = z.strictObject({ act: hashText, space: idText.optional() })

/** Schemas of all governance bodies by act type. */
export const governanceBodies = {
  'space.opened': spaceOpenedBody,
  'space.member-admitted': memberAdmittedBody,
  'space.member-left': memberLeftBody,
  'space.keys-changed': keysChangedBody,
  'space.host-changed': hostChangedBody,
  'space.tender-recorded': tenderRecordedBody,
  'space.payload-erased': payloadErasedBody,
  'space.erasure-confirmed': erasureConfirmedBody,
  'space.history-granted': historyGrantedBody,
  'space.closed': spaceClosedBody,
  'drill.clock-set': drillClockSetBody,
  'clock.lapsed': clockLapsedBody,
  'register.founded': registerFoundedBody,
  'register.rotated': registerRotatedBody,
  'register.revoked': registerRevokedBody,
  'register.recovered': registerRecoveredBody,
  'register.anchored': registerAnchoredBody,
} as const

export type GovernanceType = keyof typeof governanceBodies

/** Does `advance` need this act's body, and must the body never be erased? */
export function isGovernance(type: string): type is GovernanceType {
  return Object.hasOwn(governanceBodies, type)
}
