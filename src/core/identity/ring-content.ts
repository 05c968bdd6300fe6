import { z } from 'zod'
import { envelopeSchema } from './texts.ts'

/** What a signing key of the ring is for. `next` is the act key to come, committed to and not shown yet. */
export const keyUses = ['act', 'next', 'node', 'host', 'cosigner'] as const
export type KeyUse = (typeof keyUses)[number]

const signing = z.strictObject({
  use: z.enum(keyUses),
  publicKey: z.string(),
  privateKey: z.string(),
  /** When it was made, ms. */
  made: z.number(),
})
const sealing = z.strictObject({ publicKey: z.string(), x25519: z.string(), mlkem768: z.string(), made: z.number() })

/** Keys beside the act key that a rotation can replace. */
export const otherUses = ['node', 'cosigner', 'sealing'] as const
export type OtherUse = (typeof otherUses)[number]

const didLine = z.string().max(32_768)

/** A change of our register that is written down with its new keys before anybody hears of it. */
const pending = z.strictObject({
  type: z.enum(['register.rotated', 'register.revoked', 'register.recovered']),
  /** As signed; handing in the same bytes again changes nothing. */
  envelope: envelopeSchema,
  body: z.strictObject({ commitment: z.string(), blob: z.string() }),
  /** Keys that count once it is on record, each in place of the one of its use. */
  signing: z.array(signing),
  sealing: sealing.optional(),
  /** What a rotation right afterwards replaces beside the act key; absent when none follows. */
  follow: z.array(z.enum(otherUses)).optional(),
  /** Lines of our DID's log, signed while every key they need is at hand. */
  did: z.array(didLine).optional(),
})

export const ringContent = z.strictObject({
  v: z.literal(1),
  /** Of each use the newest last; older ones stay while a space still counts them. */
  signing: z.array(signing),
  sealing: z.array(sealing).min(1),
  /** Seed of the ML-DSA-44 cosigner key, made when it is first asked for. */
  mlDsa44: z.string().optional(),
  /** Seeds of the recovery sheets until both were typed back. */
  seeds: z.array(z.string()).optional(),
  /** Public halves of the recovery keys, whose hashes the register shows. */
  recoveryKeys: z.array(z.string()).optional(),
  pending: pending.optional(),
  /** A rotation that is still to be prepared. */
  follow: z.array(z.enum(otherUses)).optional(),
  /** The log of our DID, line by line: public, and here because it changes in one step with the keys. */
  did: z.array(didLine).optional(),
})

export type RingContent = z.infer<typeof ringContent>
export type RingKey = RingContent['signing'][number]
export type RingSealingKey = RingContent['sealing'][number]
export type PendingEvent = z.infer<typeof pending>

/** The newest key of a use. */
export function newestOf(content: RingContent, use: KeyUse): RingKey {
  const key = content.signing.findLast((one) => one.use === use)
  if (!key) throw new Error(`the key ring has no ${use} key`)
  return key
}

/** The node key that the newest one replaced, if it is still kept. */
export function formerNodeKey({ signing }: RingContent): RingKey | undefined {
  return signing.filter(({ use }) => use === 'node').at(-2)
}

/** The ring after a pending event is on record: its keys are the newest of their use. */
export function promoted(content: RingContent): RingContent {
  const { pending: event, ...rest } = content
  if (!event) return content
  const fresh = event.signing
  const givesNext = fresh.some(({ use }) => use === 'next')
  // The committed key becomes the act key; only one next key exists at a time.
  const kept = rest.signing.filter(({ use }) => use !== 'next' || !givesNext)
  const { follow: _, ...before } = rest
  return {
    ...before,
    ...(event.follow ? { follow: event.follow } : {}),
    ...(event.did ? { did: [...(rest.did ?? []), ...event.did] } : {}),
    signing: [...kept, ...fresh],
    sealing: event.sealing ? [...rest.sealing, event.sealing] : rest.sealing,
  }
}
