import { z } from 'zod'
import { language } from '../../core/module/fields.ts'

export const contactKinds = [
  'diplomatic',
  'technical',
  'police-24-7',
  'judicial',
  'defence',
  'head-of-government',
] as const
export type ContactKind = (typeof contactKinds)[number]

const contactId = z.string().regex(/^[0-9a-f]{32}$/)
const zone = z.string().min(1).max(64)
const languages = z.array(language).min(1).max(12)

export const profilePublishedBody = z.strictObject({
  /** What the party calls itself, per language. */
  designation: z.record(language, z.string().min(1).max(200)),
  zone,
  languages,
})

export const contactNominatedBody = z.strictObject({
  contact: contactId,
  kind: z.enum(contactKinds),
  zone,
  languages,
  hours: z.enum(['always', 'office']),
})
/** Personal data of officials: erasable, never in the body. */
export const contactNominatedText = z.strictObject({
  post: z.string().min(1).max(200),
  name: z.string().max(200).optional(),
  telephone: z.string().max(40).optional(),
  emergency: z.string().max(40).optional(),
  email: z.email().max(254).optional(),
})
export type ContactText = z.infer<typeof contactNominatedText>

export const contactRemovedBody = z.strictObject({ contact: contactId })
