import { z } from 'zod'
import { hash, partyName } from '../../../core/module/fields.ts'

const moment = z.int().min(0).max(253_402_300_799_999)

/** A time before which none of these parties speaks in public of what the text names. */
export const proposedBody = z.strictObject({
  /** The others, beside whoever proposes. */
  with: z.array(partyName).min(1).max(40),
  /** ms; scenario ms in a drill. */
  at: moment,
  /** Zone of whoever proposes, for display. */
  zone: z.string().min(1).max(64),
  /** Proposal of the agreed release whose time this moves. */
  moves: hash.optional(),
})
export type ProposedBody = z.infer<typeof proposedBody>

export const proposedText = z.strictObject({
  subject: z.string().min(1).max(300),
  words: z.string().max(4_000),
})
export type ProposedText = z.infer<typeof proposedText>

export const aboutBody = z.strictObject({ proposal: hash })
/** May be empty. */
export const aboutText = z.strictObject({ words: z.string().max(4_000) })

/** One party says that another spoke before the time. Nothing follows from it by itself. */
export const brokenBody = z.strictObject({
  proposal: hash,
  party: partyName,
  at: moment,
  zone: z.string().min(1).max(64),
})
export type BrokenBody = z.infer<typeof brokenBody>
export const brokenText = z.strictObject({ words: z.string().min(1).max(4_000) })
