import { z } from 'zod'
import { hash, isoDuration, language, partyName, prose } from '../../core/module/fields.ts'
import { contactKinds } from '../directory/index.ts'
import { overruleReasons, requestKindNames } from './requests/request-kinds.ts'

export const noteForms = [
  'note-verbale',
  'letter',
  'first-person-note',
  'aide-memoire',
  'bout-de-papier',
  'notification',
  'circular-note',
  'request',
] as const
export const notePurposes = ['inform', 'ask-help', 'request-information', 'protest', 'reply'] as const
export const replyKinds = ['interim', 'final', 'declined'] as const
export const deadlineSources = ['agreed', 'law', 'requested'] as const
export const offerKinds = ['training', 'assistance', 'equipment'] as const

/** A point of contact as the directory knows it. */
const requestSide = z.strictObject({ kind: z.enum(contactKinds), contact: z.string().regex(/^[0-9a-f]{32}$/) })

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
  /** An earlier note of the sender to the same addressee, in whose place this one stands. */
  supersedes: hash.optional(),
  replyKind: z.enum(replyKinds).optional(),
  deadline: z
    .strictObject({
      what: z.enum(['acknowledge', 'reply']),
      source: z.enum(deadlineSources),
      within: isoDuration,
    })
    .optional(),
  /** Signed by somebody who acts for another, or in a post ad interim; the words of the line are text. */
  signed: z.enum(['for', 'ad-interim']).optional(),
  /** The standing sentence that contact implies no attribution of responsibility. */
  impliesNoAttribution: z.boolean(),
  /** In the form `request` alone: its kind by an edition of the table, which contact sends it and which takes it. */
  request: z
    .strictObject({
      kind: z.enum(requestKindNames),
      edition: z.iso.date(),
      from: requestSide,
      to: requestSide,
      /** Why it goes another way than its kind has. */
      overrules: z.enum(overruleReasons).optional(),
    })
    .optional(),
})
export type NoteBody = z.infer<typeof noteBody>

const signatureWords = z.strictObject({
  principal: z.string().min(1).max(300).optional(),
  name: z.string().min(1).max(200),
  style: z.string().min(1).max(300),
})

/** The same in another language: a courtesy, and none that counts. */
const translationText = z.strictObject({
  language,
  subject: z.string().min(1).max(300),
  opening: z.string().min(1).max(2_000).optional(),
  paragraphs: z.array(z.string().min(1).max(20_000)).min(1).max(200),
  closing: z.string().min(1).max(2_000).optional(),
  /** The styles of the signature in this language. */
  signature: signatureWords.optional(),
})
export type TranslationText = z.infer<typeof translationText>

export const noteText = z.strictObject({
  subject: z.string().min(1).max(300),
  /** Courtesies; forms without any (an aide-mémoire, a bout de papier) have none. */
  opening: z.string().min(1).max(2_000).optional(),
  paragraphs: z.array(z.string().min(1).max(20_000)).min(1).max(200),
  closing: z.string().min(1).max(2_000).optional(),
  /** Who signs a first-person note: name and style. */
  signatory: z.string().min(1).max(300).optional(),
  /** The line of who signs it for whom: the style of the one acted for, the name and style of the one who acts. */
  signature: signatureWords.optional(),
  /** Into other languages; only the text in the language of the body is authentic. */
  translations: z.array(translationText).min(1).max(8).optional(),
})
export type NoteText = z.infer<typeof noteText>

export const noteAcknowledgedBody = z.strictObject({ note: hash })
/** Somebody at the addressee's was shown the note: reported only where the terms of the space say so. */
export const noteOpenedBody = z.strictObject({ note: hash })

export const returnGrounds = ['wrong-addressee', 'form', 'terms', 'standing', 'other'] as const

/** The addressee does not accept a note and gives the ground; further words are text. */
export const noteReturnedBody = z.strictObject({ note: hash, ground: z.enum(returnGrounds), language })
export const noteCorrectedBody = z.strictObject({ note: hash, language })
export const noteWithdrawnBody = z.strictObject({ note: hash, language })

/** Reasons or remarks beside a return or a withdrawal; none is a statement too. */
export const remarksText = z.strictObject({ paragraphs: z.array(z.string().min(1).max(20_000)).max(200) })
export type RemarksText = z.infer<typeof remarksText>

/** "For … read …", in the order of the note. */
export const correctionsText = z.strictObject({
  corrections: z
    .array(z.strictObject({ instead: z.string().min(1).max(2_000), read: z.string().min(1).max(2_000) }))
    .min(1)
    .max(20),
})
export type CorrectionsText = z.infer<typeof correctionsText>

export const minutesBody = z.strictObject({ on: z.iso.date(), zone: z.string().min(1).max(64) })
export const minutesText = prose
export const minutesConfirmedBody = z.strictObject({ minutes: hash })

export const checkCalledBody = z.strictObject({ within: isoDuration })
export const checkAnsweredBody = z.strictObject({ check: hash })

export const offerBody = z.strictObject({ kind: z.enum(offerKinds) })
export const offerText = prose
export const offerAcceptedBody = z.strictObject({ offer: hash })
