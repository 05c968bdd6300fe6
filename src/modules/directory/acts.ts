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

export const promisedHours = ['always', 'office', 'stated'] as const

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/)
const weekSpan = z.strictObject({
  /** 1 is Monday, 7 is Sunday. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  from: timeOfDay,
  /** At or before `from`: on the next day. */
  until: timeOfDay,
})

export const contactNominatedBody = z
  .strictObject({
    contact: contactId,
    kind: z.enum(contactKinds),
    /** A mailbox or desk that a post keeps, or one person; absent in entries from before it was asked. */
    entry: z.enum(['role', 'person']).optional(),
    zone,
    languages,
    hours: z.enum(promisedHours),
    week: z.array(weekSpan).min(1).max(21).optional(),
    /** First and last day of the nomination, there. */
    valid: z.strictObject({ from: z.iso.date().optional(), until: z.iso.date().optional() }).optional(),
  })
  .refine(({ hours, week }) => (hours === 'stated') === (week !== undefined), 'hours that are stated have a week')
/** Personal data of officials: erasable, never in the body. */
export const contactNominatedText = z.strictObject({
  post: z.string().min(1).max(200),
  institution: z.string().max(200).optional(),
  /** How the person is addressed, for example "Her Excellency". */
  style: z.string().max(80).optional(),
  name: z.string().max(200).optional(),
  telephone: z.string().max(40).optional(),
  emergency: z.string().max(40).optional(),
  email: z.email().max(254).optional(),
  /** Fingerprint of the key for e-mail. */
  key: z.string().max(120).optional(),
  /** By what the contact was nominated, for example a note verbale with its number. */
  instrument: z.string().max(200).optional(),
})
export type ContactText = z.infer<typeof contactNominatedText>

export const contactRemovedBody = z.strictObject({ contact: contactId })

/** The entry is still right: the year until the next confirmation begins again. */
export const contactConfirmedBody = z.strictObject({
  contact: contactId,
  /** Act hash of the entry that is confirmed. */
  nomination: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
})

/** Days of a party's offices that are not as usual. The newest calendar of a party counts, whole. */
export const calendarPublishedBody = z
  .strictObject({
    days: z
      .array(
        z.union([
          z.strictObject({ date: z.iso.date(), name: z.string().min(1).max(80) }),
          z.strictObject({ date: z.iso.date(), name: z.string().min(1).max(80), from: timeOfDay, until: timeOfDay }),
        ]),
      )
      .max(400),
  })
  .refine(({ days }) => new Set(days.map(({ date }) => date)).size === days.length, 'a day stands once')
export type CalendarDay = z.infer<typeof calendarPublishedBody>['days'][number]
