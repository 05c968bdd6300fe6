import { z } from 'zod'
import { hash, partyName } from '../../../core/module/fields.ts'

/** What a side may undertake to leave undone; `other` only with words. */
export const codes = [
  'public-statements',
  'attribution',
  'network-operations',
  'countermeasures',
  'restrictive-measures',
  'expulsions',
  'military-activity',
  'proceedings',
  'other',
] as const

/** Who is told of the period beyond the members of the space. */
export const audiences = ['nobody', 'named', 'public'] as const

/** Sides of one period at most, whoever proposes included. */
export const mostSides = 8

const termId = z.string().regex(/^t([1-9]|[1-9]\d)$/)
const moment = z.int().min(0).max(253_402_300_799_999)
const term = z.strictObject({ id: termId, party: partyName, code: z.enum(codes) })
export type Term = z.infer<typeof term>

export const proposedBody = z.strictObject({
  /** The other sides. */
  with: z
    .array(partyName)
    .min(1)
    .max(mostSides - 1),
  /** ms; it begins with the last agreement where that is later. */
  from: moment,
  until: moment,
  /** Zone of whoever proposes, for display. */
  zone: z.string().min(1).max(64),
  /** Empty where it prolongs a period: its terms stay. */
  terms: z.array(term).max(72),
  told: z.enum(audiences),
  /** Open proposal in whose place this one stands. */
  insteadOf: hash.optional(),
  /** Proposal of the running period whose end this moves. */
  prolongs: hash.optional(),
})
export type ProposedBody = z.infer<typeof proposedBody>

export const proposedText = z.strictObject({
  /** Party → what it leaves undone, in words. */
  words: z.record(partyName, z.string().min(1).max(2_000)),
  toldWords: z.string().min(1).max(500).optional(),
  remarks: z.string().min(1).max(4_000).optional(),
})
export type ProposedText = z.infer<typeof proposedText>

export const aboutBody = z.strictObject({ proposal: hash })
/** May be empty. */
export const aboutText = z.strictObject({ words: z.string().max(4_000) })

/** One side says that another did not keep a term. Nothing follows from it by itself. */
export const breachBody = z.strictObject({
  proposal: hash,
  term: termId,
  /** When it happened, ms. */
  at: moment,
  zone: z.string().min(1).max(64),
  /** Acts of this space to which the statement refers. */
  evidence: z.array(hash).max(20),
})
export type BreachBody = z.infer<typeof breachBody>

export const breachAnsweredBody = z.strictObject({ statement: hash })
export const wordsText = z.strictObject({ words: z.string().min(1).max(10_000) })
