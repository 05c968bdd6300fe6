import { z } from 'zod'
import { hash, language } from '../../core/module/fields.ts'

const paragraphs = z.array(z.string().min(1).max(20_000)).max(200)
const someParagraphs = z.array(z.string().min(1).max(20_000)).min(1).max(200)

/** What whoever says something in confidence wishes for it: only `may-pass` lets the mediator pass it on. */
export const passings = ['keep', 'ask-first', 'may-pass'] as const

export const consentedBody = z.strictObject({})
export const saidBody = z.strictObject({ passing: z.enum(passings) })
export const saidText = z.strictObject({ subject: z.string().min(1).max(300), paragraphs: someParagraphs })
export type SaidText = z.infer<typeof saidText>

export const passingAllowedBody = z.strictObject({ said: hash })

/** Words of the mediator to one side. Nothing in it points at where they come from. */
export const passedOnBody = z.strictObject({})

/** The single text; its words, its open brackets and their options are text. */
export const tabledBody = z.strictObject({
  version: z.int().min(1).max(1_000),
  language,
  /** base64url SHA-256 of the canonical bytes of the part `text`. */
  hash,
  openBrackets: z.int().min(0).max(500),
})
export const tabledText = z.strictObject({
  title: z.string().min(1).max(300),
  paragraphs: someParagraphs,
  options: z.record(z.string().regex(/^b[1-9]\d{0,2}$/), z.array(z.string().min(1).max(5_000)).min(2).max(10)),
})
export type TabledText = z.infer<typeof tabledText>

export const answers = ['accept', 'reject', 'comment'] as const

/** What one side says of a version, in its own confidence with the mediator. */
export const answeredBody = z.strictObject({
  /** Act by which the mediator tabled it in the joint space, and the hash of its words. */
  text: hash,
  hash,
  answer: z.enum(answers),
})
export const remarksText = z.strictObject({ paragraphs })
export type RemarksText = z.infer<typeof remarksText>

/** The mediator says that both sides accepted the version. */
export const agreedBody = z.strictObject({ text: hash, hash })
export const endedBody = z.strictObject({})
