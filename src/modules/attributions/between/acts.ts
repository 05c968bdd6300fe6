import { z } from 'zod'
import { hash, isoDuration, language, partyName, prose } from '../../../core/module/fields.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { bases, choices, kinds } from '../vocabulary.ts'

/** Name of a scheme of likelihood, of one of its words, or of a level of confidence. */
const word = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)

/** An item of evidence by reference: its words are text, and can be erased; what they were stays provable. */
export const namedItem = z.strictObject({
  /** As its author numbers it. */
  number: z.int().min(1).max(100_000),
  /** Admiralty: source and information. */
  grade: z.string().regex(/^[A-F][1-6]$/),
  tlp: z.enum(tlpLabels),
  /** base64url SHA-256 of the canonical bytes of the item of the same place in the text. */
  hash,
})
export type NamedItem = z.infer<typeof namedItem>

/** "This is what we decided about who did it, and what it rests on." */
export const statedBody = z.strictObject({
  choice: z.enum(choices),
  language,
  basis: z.enum(bases),
  kind: z.enum(kinds),
  /** Likelihood in a word of its scheme, and confidence: two statements. */
  assessment: z.strictObject({ scheme: word, word, confidence: word }).optional(),
  evidence: z.array(namedItem).max(300),
  /** Number under which its author published it; of what it said to everybody. */
  number: z.string().min(1).max(40).optional(),
  /** An earlier statement of the same author, which this one takes the place of. */
  replaces: hash.optional(),
  /** Whose answer is asked for, and by when. */
  reply: z.strictObject({ of: partyName, source: z.enum(['agreed', 'requested']), within: isoDuration }).optional(),
})
export type StatedBody = z.infer<typeof statedBody>

export const itemWords = z.strictObject({
  words: z.string().min(1).max(20_000),
  /** Keeps what was erased from being guessed by its hash. */
  salt: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
})
export type ItemWords = z.infer<typeof itemWords>

export const statedText = z.strictObject({
  ...prose.shape,
  /** As a person wrote it; nobody is named where it is left out. */
  accused: z.string().min(1).max(300).optional(),
  evidence: z.array(itemWords).max(300),
})
export type StatedText = z.infer<typeof statedText>

export const answers = ['concurred', 'noted', 'rejected', 'substantiation-asked'] as const
export type AnswerGiven = (typeof answers)[number]

/** What a party says to an attribution that was put to it. The newest answer of a party is its answer. */
export const answeredBody = z.strictObject({ statement: hash, answer: z.enum(answers) })
export type AnsweredBody = z.infer<typeof answeredBody>
export const stepText = z.strictObject({ paragraphs: z.array(z.string().min(1).max(20_000)).max(200) })
export type StepText = z.infer<typeof stepText>

export const contestGrounds = [
  'evidence-insufficient',
  'evidence-wrong',
  'false-flag',
  'infrastructure-misused',
  'other',
] as const

/** "It is not so", on a ground and with reasons. */
export const contestedBody = z.strictObject({ statement: hash, ground: z.enum(contestGrounds) })
export type ContestedBody = z.infer<typeof contestedBody>

export const withdrawalReasons = ['new-evidence', 'mistaken', 'settled', 'other'] as const

/** Takes back a statement or a contest of its author. What it said stays on the record. */
export const withdrawnBody = z.strictObject({ act: hash, reason: z.enum(withdrawalReasons) })
export type WithdrawnBody = z.infer<typeof withdrawnBody>
