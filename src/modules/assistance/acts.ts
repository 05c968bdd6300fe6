import { z } from 'zod'
import { hash, partyName } from '../../core/module/fields.ts'
import { requestKindNames } from '../channels/index.ts'
import { postponementGrounds, refusalGrounds } from './regimes.ts'

const edition = z.iso.date()
const day = z.iso.date()
const paragraphs = z.array(z.string().min(1).max(20_000)).max(200)

/** Words beside a step; none is a statement too. */
export const stepWords = z.strictObject({ paragraphs })

/** "We will do it", all of it or the parts that the words name. */
export const acceptedBody = z.strictObject({
  request: hash,
  scope: z.enum(['whole', 'part']),
  /** Day by which it is promised. */
  deliverBy: day.optional(),
})
export const acceptedWords = z.strictObject({
  paragraphs,
  /** What is granted and what is not, where it is a part. */
  granted: z.string().min(1).max(10_000).optional(),
  withheld: z.string().min(1).max(10_000).optional(),
})

export const refusedBody = z.strictObject({
  request: hash,
  edition,
  grounds: z.array(z.enum(refusalGrounds)).min(1).max(refusalGrounds.length),
})
export const postponedBody = z.strictObject({ request: hash, ground: z.enum(postponementGrounds), until: day })

export const purposes = ['as-requested', 'criminal-proceedings', 'network-defence', 'information-only'] as const
export const onwardRules = ['none', 'consent', 'free'] as const

/** For what and how what is handed over may be used. */
export const termsOfUse = z.strictObject({
  purpose: z.enum(purposes),
  confidential: z.boolean(),
  onward: z.enum(onwardRules),
  returnBy: day.optional(),
  deleteBy: day.optional(),
  /** Nothing of it is opened before the asking party took these terms. */
  takenFirst: z.boolean(),
})
export type TermsOfUse = z.infer<typeof termsOfUse>

/** "This was done, this is handed over": more can follow until it is complete. */
export const executedBody = z.strictObject({
  request: hash,
  edition,
  complete: z.boolean(),
  /** Data to be preserved is kept until the end of this day. */
  keptUntil: day.optional(),
  terms: termsOfUse.optional(),
})
export const executedWords = z.strictObject({
  paragraphs,
  /** Further conditions, in words. */
  conditions: z.string().min(1).max(10_000).optional(),
})

export const supplementedBody = z.strictObject({ request: hash })
export const extensionRequestedBody = z.strictObject({ request: hash, until: day })
export const extensionAnsweredBody = z.strictObject({
  /** The act that asks for it. */
  extension: hash,
  edition,
  keptUntil: day.optional(),
})

export const outcomes = ['met', 'partly-met', 'not-met', 'no-longer-needed'] as const
export const closedBody = z.strictObject({ request: hash, outcome: z.enum(outcomes) })

export const termsTakenBody = z.strictObject({ execution: hash })
export const disposedBody = z.strictObject({ execution: hash, how: z.enum(['returned', 'deleted']) })

/** What was asked by voice, in urgency; it is confirmed in writing by a request that refers to it. */
export const oralBody = z.strictObject({
  kind: z.enum(requestKindNames),
  edition,
  addressee: partyName,
  /** When it was said, ms. */
  at: z.int().min(0),
})
