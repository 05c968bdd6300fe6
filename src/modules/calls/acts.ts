import { z } from 'zod'
import { hash, partyName } from '../../core/module/fields.ts'

export const codeResults = ['agreed', 'differed', 'not-compared'] as const
export const callEndings = ['finished', 'lost'] as const

/** A telephone call about a message, as one side logged it. */
export const callLoggedBody = z.strictObject({
  /** The act the call was about. */
  about: hash,
  caller: partyName,
  called: partyName,
  /** When it began, by the clock of whoever logs it; real ms also in a drill. */
  at: z.int().min(0),
  /** What became of the call-back code. */
  code: z.enum(codeResults),
  ended: z.enum(callEndings),
})
export type CallLoggedBody = z.infer<typeof callLoggedBody>

/** One line of words; none is a record too. */
export const callWords = z.strictObject({ words: z.string().max(300) })
export type CallWords = z.infer<typeof callWords>

export const callAnsweredBody = z.strictObject({ call: hash })
