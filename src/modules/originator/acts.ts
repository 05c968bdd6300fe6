import { z } from 'zod'
import { hash, isoDuration, language, partyName } from '../../core/module/fields.ts'

/** What somebody wants to do with another party’s words: hand on a copy, hand on copy and proof, quote them. */
export const uses = ['copy', 'proof', 'quote'] as const
export type Use = (typeof uses)[number]

const parties = z.array(partyName).min(1).max(64)
const words = z.string().min(1).max(10_000)

export const consentRequestedBody = z.strictObject({
  act: hash,
  /** Who wrote it, and is asked. */
  originator: partyName,
  use: z.enum(uses),
  /** Who is to have it. */
  to: parties,
  deadline: z.strictObject({ source: z.enum(['agreed', 'requested']), within: isoDuration }),
})
export const consentRequestedText = z.strictObject({ reason: words })

export const consentGivenBody = z.strictObject({
  request: hash,
  /** Conditions stand in the text. */
  conditions: z.boolean(),
  /** Last day, UTC, on which it may be used. */
  until: z.iso.date().optional(),
})
export const consentGivenText = z.strictObject({ conditions: words.optional() })

export const consentRefusedBody = z.strictObject({ request: hash })
export const consentWithdrawnBody = z.strictObject({ request: hash })
export const reasonText = z.strictObject({ reason: words })

export const forwardedBody = z.strictObject({
  language,
  to: parties,
  mode: z.enum(['copy', 'proof']),
  /** What is handed on: whose act, of which type, signed when. */
  origin: z.strictObject({
    act: hash,
    party: partyName,
    type: z.string().min(1).max(96),
    at: z.number().int().nonnegative(),
    number: z.string().min(1).max(60).optional(),
  }),
  /** Acts by which its originator consented, where that was needed. */
  consents: z.array(hash).max(64).optional(),
})
export type ForwardedBody = z.infer<typeof forwardedBody>

export const forwardedText = z.strictObject({
  subject: z.string().min(1).max(300),
  paragraphs: z.array(z.string().min(1).max(20_000)).max(200),
  /** The words handed on, as they stood. */
  passage: z.array(z.string().min(1).max(20_000)).max(220),
  /** Under which conditions the originator consented, in its words. */
  conditions: z.array(words).max(64).optional(),
})
export type ForwardedText = z.infer<typeof forwardedText>
