import { z } from 'zod'
import { cosignedCheckpoint, hash, isoDuration, language } from '../../core/module/fields.ts'

export const statementKinds = ['statement', 'right-of-reply', 'question', 'answer'] as const

const paragraphs = z.array(z.string().min(1).max(20_000)).min(1).max(200)
const bracketId = z.string().regex(/^b[1-9]\d{0,2}$/)
const itemId = z.string().regex(/^[0-9a-f]{32}$/)

export const itemOpenedBody = z.strictObject({ item: itemId })
export const itemOpenedText = z.strictObject({ title: z.string().min(1).max(300) })

export const statementMadeBody = z.strictObject({
  item: itemId,
  kind: z.enum(statementKinds),
  /** The statement it replies to, asks about or answers. */
  to: hash.optional(),
  language,
})
export const statementMadeText = z.strictObject({ paragraphs })

export const draftTabledBody = z.strictObject({
  item: itemId,
  /** base64url SHA-256 of the canonical bytes of the part `text`. */
  hash,
  brackets: z.array(z.strictObject({ id: bracketId, options: z.int().min(2).max(9) })).max(200),
})
/** Paragraphs carry `[[b1]]` where the wording is open; `options` gives the words proposed for each. */
export const draftTabledText = z.strictObject({
  title: z.string().min(1).max(300),
  paragraphs,
  options: z.record(bracketId, z.array(z.string().min(1).max(2_000)).min(2).max(9)),
})
export type DraftTabledText = z.infer<typeof draftTabledText>

export const sponsorJoinedBody = z.strictObject({ draft: hash })
export const resolutionProposedBody = z.strictObject({ draft: hash, bracket: bracketId, option: z.int().min(0).max(8) })
export const consensusSoughtBody = z.strictObject({ proposal: hash, within: isoDuration })
export const objectionRaisedBody = z.strictObject({ sought: hash })
export const objectionRaisedText = z.strictObject({ reason: z.string().min(1).max(4_000) })
export const decisionDeclaredBody = z.strictObject({
  sought: hash,
  /** The call was witnessed: all who could object were shown it. */
  witnessed: cosignedCheckpoint.optional(),
})
