import { z } from 'zod'
import { hash, isoDuration, language, partyName, prose } from '../../core/module/fields.ts'

export const noteForms = ['note-verbale', 'letter'] as const
export const notePurposes = ['inform', 'ask-help', 'request-information', 'protest', 'reply'] as const
export const replyKinds = ['interim', 'final', 'declined'] as const
export const deadlineSources = ['agreed', 'law', 'requested'] as const
export const offerKinds = ['training', 'assistance', 'equipment'] as const

/** Structure of a note: everything a projector needs, none of its words. */
export const noteBody = z.strictObject({
  form: z.enum(noteForms),
  /** Sender's own register number ("our reference"). */
  number: z.string().min(1).max(60),
  yourRef: z.string().min(1).max(60).optional(),
  purpose: z.enum(notePurposes),
  language,
  addressee: partyName,
  inReplyTo: hash.optional(),
  replyKind: z.enum(replyKinds).optional(),
  deadline: z
    .strictObject({
      what: z.enum(['acknowledge', 'reply']),
      source: z.enum(deadlineSources),
      within: isoDuration,
    })
    .optional(),
  /** The standing sentence that contact implies no attribution of responsibility. */
  impliesNoAttribution: z.boolean(),
})
export type NoteBody = z.infer<typeof noteBody>

export const noteText = z.strictObject({
  subject: z.string().min(1).max(300),
  opening: z.string().min(1).max(2_000),
  paragraphs: z.array(z.string().min(1).max(20_000)).min(1).max(200),
  closing: z.string().min(1).max(2_000),
})
export type NoteText = z.infer<typeof noteText>

export const noteAcknowledgedBody = z.strictObject({ note: hash })

export const minutesBody = z.strictObject({ on: z.iso.date(), zone: z.string().min(1).max(64) })
export const minutesText = prose
export const minutesConfirmedBody = z.strictObject({ minutes: hash })

export const checkCalledBody = z.strictObject({ within: isoDuration })
export const checkAnsweredBody = z.strictObject({ check: hash })

export const offerBody = z.strictObject({ kind: z.enum(offerKinds) })
export const offerText = prose
export const offerAcceptedBody = z.strictObject({ offer: hash })
