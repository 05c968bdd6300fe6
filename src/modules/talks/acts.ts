import { z } from 'zod'
import { hash, partyName, prose } from '../../core/module/fields.ts'

const id = z.string().regex(/^[0-9a-f]{32}$/)
const words = z.string().min(1).max(4_000)

/** Moments are signed as instants: they mean the same everywhere, whatever a government does to its clocks meanwhile. */
export const meetingProposedBody = z.strictObject({
  /** Stays the same when another proposal replaces this one. */
  meeting: id,
  with: z.array(partyName).min(1).max(40),
  options: z
    .array(z.strictObject({ at: z.int().min(0), minutes: z.int().min(5).max(1_440) }))
    .min(1)
    .max(5),
  /** Zone of whoever proposes, for display. */
  zone: z.string().min(1).max(64),
  /** Earlier proposal of the same meeting in whose place this one stands. */
  supersedes: hash.optional(),
})
export type MeetingProposedBody = z.infer<typeof meetingProposedBody>

export const meetingText = z.strictObject({
  subject: z.string().min(1).max(300),
  agenda: z.array(z.string().min(1).max(500)).max(40),
  place: z.string().min(1).max(300).optional(),
})
export type MeetingText = z.infer<typeof meetingText>

export const timeConfirmedBody = z.strictObject({ proposal: hash, option: z.int().min(0).max(4) })
export const aboutMeetingBody = z.strictObject({ proposal: hash })
export const cancelText = z.strictObject({ words: z.string().max(1_000) })
export const remarkText = z.strictObject({ words })

const count = z.int().min(0).max(200)
/** Counts as people declared themselves, never a person's own word. */
export const delegationNamedBody = z.strictObject({
  proposal: hash,
  declared: z.strictObject({ women: count, men: count, another: count, undeclared: count }).optional(),
})
export const delegationText = z.strictObject({
  people: z
    .array(z.strictObject({ name: z.string().min(1).max(200), style: z.string().max(100), post: z.string().max(200) }))
    .min(1)
    .max(60),
})
export type DelegationText = z.infer<typeof delegationText>
export const readOutText = prose
