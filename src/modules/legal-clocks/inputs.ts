import { z } from 'zod'
import { isZone } from '../../core/clocks/index.ts'
import { precisions } from './aware-at.ts'
import { roles } from './regimes.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const needed = (max: number) => z.string().trim().min(1).max(max)
/** From 1970 on: an earlier year is a slip of the keyboard, and its term would be over for centuries. */
const localTime = z
  .string()
  .regex(/^(?:19[7-9]\d|[2-9]\d{3})-\d\d-\d\dT\d\d:\d\d$/, 'legal-clocks.invalid.no-such-time')
const zone = z.string().max(60).refine(isZone, 'legal-clocks.invalid.zone')

const awareness = {
  id,
  awareAt: localTime,
  precision: z.enum(precisions),
  zone,
  who: needed(300),
  what: needed(2_000),
}
/** `law`: `<regime>:<role>`, since a law gives different roles different terms. */
export const beginInput = z.object({
  ...awareness,
  law: z.string().regex(new RegExp(`^[a-z0-9-]{1,40}:(${roles.join('|')})$`)),
  entity: needed(300),
  authority: needed(300),
})
export const correctInput = z.object({ ...awareness, reason: needed(2_000) })
export const withdrawInput = z.object({ id, reason: needed(2_000) })
export const draftInput = z.object({ id }).catchall(z.string().trim().max(8_000))
export const sentInput = z.object({
  id,
  sentAt: localTime,
  zone,
  way: z.enum(['platform', 'mail', 'telephone', 'hand', 'other']),
  sentTo: needed(300),
  sentBy: needed(300),
  theirReference: z.string().trim().max(200).default(''),
  incomplete: z.literal('yes').optional(),
})
