import { z } from 'zod'
import { cosignedCheckpoint, hash, language, partyName, prose } from '../../core/module/fields.ts'

const paragraphId = z.string().regex(/^p[1-9]\d{0,2}$/)
const inLanguages = z.record(language, z.string().min(1).max(20_000))

export const commitmentStates = ['under-way', 'done', 'not-done'] as const

/** Structure of a joint text: which paragraphs, the norm each rests on, who owes it and by when. */
export const textProposedBody = z.strictObject({
  languages: z.array(language).min(1).max(12),
  /** base64url SHA-256 of the canonical bytes of the part `text`, all languages together. */
  hash,
  paragraphs: z
    .array(
      z.strictObject({
        id: paragraphId,
        /** Letter of the norm it rests on (reference/norms.json). */
        norm: z.string().regex(/^[a-k]$/),
        owner: partyName,
        due: z.iso.date(),
        zone: z.string().min(1).max(64),
      }),
    )
    .min(1)
    .max(200),
  parties: z.array(partyName).min(2).max(200),
  supersedes: hash.optional(),
  /** Decision of another space in which a word of this text was settled. */
  resolvedIn: z.strictObject({ space: z.string().regex(/^[0-9a-f]{32}$/), act: hash }).optional(),
})
export type TextProposedBody = z.infer<typeof textProposedBody>

export const agreedText = z.strictObject({
  title: inLanguages,
  paragraphs: z.record(paragraphId, inLanguages),
  disclaimer: inLanguages,
})
export type AgreedText = z.infer<typeof agreedText>

export const textAgreedBody = z.strictObject({
  proposal: hash,
  hash,
  /** The proposal was witnessed when it was agreed to. */
  witnessed: cosignedCheckpoint.optional(),
})

/** What a report can be shown by: a communication check, or a confidence-building measure. */
export const resultOf = z.string().regex(/^(check|measure-[1-9]\d?)$/)
export const mostEvidence = 10

export const commitmentReportedBody = z.strictObject({
  proposal: hash,
  paragraph: paragraphId,
  state: z.enum(commitmentStates),
  /** Acts of the reporting party on other pages of the record that show it. */
  evidence: z
    .array(z.strictObject({ of: resultOf, space: z.string().regex(/^[0-9a-f]{32}$/), act: hash }))
    .min(1)
    .max(mostEvidence)
    .optional(),
})
export type CommitmentReportedBody = z.infer<typeof commitmentReportedBody>
export const commitmentReportedText = prose
