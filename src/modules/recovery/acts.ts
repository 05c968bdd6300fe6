import { z } from 'zod'
import { hash } from '../../core/module/fields.ts'
import { states } from './vocabulary.ts'

const key = z.string().regex(/^[0-9a-f]{32}$/)
/** ms on the clock of the space. */
const moment = z.int().min(0)
/** A stretch of time within which something happened; a side that nobody knows is left out. */
const stretch = z.strictObject({ from: moment.optional(), until: moment.optional() })
export const mostTold = 100

const service = z.strictObject({
  /** The same for one service in one space, and in no other. */
  key,
  /** Left out where nobody told how it stands. */
  state: z.enum(states).optional(),
  /** Since when it is out, or was; since when it is in this state. */
  outSince: stretch.optional(),
  since: stretch.optional(),
  backSince: stretch.optional(),
  /** When it can be expected, where nothing it waits for is silent. */
  expected: moment.optional(),
  /** It cannot be expected sooner. */
  notBefore: moment.optional(),
  /** Services of the same picture that it needs. */
  needs: z.array(key).max(mostTold),
})
export type ToldService = z.infer<typeof service>

const services = z.array(service).min(1).max(mostTold)

/** How services stand and when they can be expected, as one party tells it. What they are called is in the words. */
export const sharedBody = z.strictObject({ asOf: moment, services })
export type SharedBody = z.infer<typeof sharedBody>
/** The same later: it takes the place of what the picture said before. */
export const updatedBody = z.strictObject({ picture: hash, asOf: moment, services })
export type UpdatedBody = z.infer<typeof updatedBody>
export const endedBody = z.strictObject({ picture: hash })

const paragraphs = z.array(z.string().min(1).max(20_000)).max(50)
export const pictureWords = z.strictObject({ names: z.record(key, z.string().min(1).max(200)), paragraphs })
export type PictureWords = z.infer<typeof pictureWords>
export const endedWords = z.strictObject({ paragraphs })
