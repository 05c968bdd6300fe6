import { z } from 'zod'
import { hash } from '../../core/module/fields.ts'
import { isCoarse } from './coarse-count.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const moment = z.int().min(0).max(8_640_000_000_000_000)

/** How long a party has to answer, counted in the hours that its contact promised. */
export const checkWithin = ['PT15M', 'PT30M', 'PT1H', 'PT2H', 'PT4H', 'PT8H'] as const

/** The challenge, one repeated, then one to the deputy. */
export const attempts = ['first', 'second', 'deputy'] as const
export type Attempt = (typeof attempts)[number]

export const mostOpenings = 60

export const campaignAnnouncedBody = z
  .strictObject({ round: id, opensAt: moment, closesAt: moment, within: z.enum(checkWithin) })
  .refine(({ opensAt, closesAt }) => opensAt < closesAt, 'a campaign ends after it begins')

export const challengeSentBody = z.strictObject({
  /** One challenge, its repetition and the one to the deputy belong to one round. */
  round: id,
  attempt: z.enum(attempts),
  /** Entry of the addressee's directory whose promised hours the sender counted by. */
  contact: id,
  within: z.enum(checkWithin),
  /** Those hours, from the one it was sent in; empty: round the clock. */
  openings: z
    .array(z.strictObject({ from: moment, until: moment }))
    .max(mostOpenings)
    .refine(
      (spans) => spans.every((span, at) => span.from < span.until && span.from >= (spans[at - 1]?.until ?? 0)),
      'hours follow each other',
    ),
})

export const challengeAnsweredBody = z.strictObject({ challenge: hash })

export const resultsPublishedBody = z
  .strictObject({
    round: id,
    opensAt: moment,
    closesAt: moment,
    within: z.enum(checkWithin),
    /** Absent where so few were asked that any figure would show single parties. */
    figures: z
      .strictObject({
        asked: z.int().min(1).max(1_000),
        /** How many answered in time: at least, and at most. */
        answered: z.strictObject({ from: z.int().min(0).max(1_000), to: z.int().min(0).max(1_000) }),
      })
      .refine(isCoarse, 'figures show no single party')
      .optional(),
  })
  .refine(({ opensAt, closesAt }) => opensAt < closesAt, 'a campaign ends after it begins')
