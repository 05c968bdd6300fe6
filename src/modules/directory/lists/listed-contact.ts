import { z } from 'zod'
import { language, partyName } from '../../../core/module/fields.ts'
import { isZone } from '../../../text/index.ts'
import { contactKinds, contactNominatedText, type ContactText } from '../acts.ts'
import type { Contact } from '../contacts.ts'
import { hoursAsText, readHoursText } from './hours-text.ts'

/** What lists say of a contact, in the order of their columns. */
export const listedFields = [
  'party',
  'kind',
  'post',
  'institution',
  'style',
  'name',
  'telephone',
  'emergency',
  'email',
  'key',
  'zone',
  'hours',
  'languages',
  'instrument',
  'valid_from',
  'valid_until',
  'id',
] as const
export type ListedField = (typeof listedFields)[number]

/** A contact as lists carry it: words only; what is not said is absent. */
export type Listed = { party: string } & Partial<Record<ListedField, string>>

/** Why something was not read: message `directory.lists.reason.<reason>`, in which field. */
export interface Problem {
  /** Line of the file on which it begins, 1 for the first. */
  line: number
  reason: string
  field?: ListedField
}

/** An entry that could be read, and the line on which it begins. */
export interface Read {
  line: number
  contact: Listed
}

export interface ReadList {
  entries: Read[]
  problems: Problem[]
}

const textSchemas: Partial<Record<ListedField, z.ZodType>> = {
  ...contactNominatedText.shape,
  party: partyName,
  kind: z.enum(contactKinds),
  zone: z.string().max(64).refine(isZone),
  hours: z
    .string()
    .max(2_000)
    .refine((text) => readHoursText(text) !== undefined),
  languages: z
    .string()
    .transform((text) => text.split(' '))
    .pipe(z.array(language).min(1).max(12)),
  valid_from: z.iso.date(),
  valid_until: z.iso.date(),
  id: z.string().regex(/^[0-9a-f]{32}$/),
}

/**
 * An entry whose every field can be taken over, or which field cannot. `party` stands in where the list names none.
 * Languages and hours come back in one spelling.
 */
export function checkListed(
  raw: Partial<Record<ListedField, string>>,
  party: string | undefined,
): Listed | Omit<Problem, 'line'> {
  const said = Object.fromEntries(
    listedFields.flatMap((field) => {
      const text = spelling(field, (raw[field] ?? '').replaceAll(/\r\n?/g, '\n').trim())
      return text === '' ? [] : [[field, text]]
    }),
  ) as Partial<Listed>
  const of = said.party ?? party
  if (of === undefined) return { reason: 'no-party', field: 'party' }
  const listed: Listed = { ...said, party: of }
  for (const field of listedFields) {
    const text = listed[field]
    if (text !== undefined && !textSchemas[field]?.safeParse(text).success) return { reason: 'wrong', field }
  }
  if (listed.post === undefined && listed.name === undefined && listed.email === undefined)
    return { reason: 'nobody', field: 'post' }
  const { valid_from: first, valid_until: last } = listed
  return first && last && last < first ? { reason: 'wrong', field: 'valid_until' } : listed
}

function spelling(field: ListedField, text: string): string {
  if (field === 'party') return text.toLowerCase()
  if (field === 'kind') return text.toLowerCase().replaceAll(/[\s_]+/g, '-')
  if (field === 'languages') return [...new Set(text.split(/[\s,;]+/).filter(Boolean))].join(' ')
  if (field !== 'hours') return text
  const hours = readHoursText(text)
  return hours ? hoursAsText(hours) : text
}

/** A contact of a directory as lists carry it; `text` is what may leave. */
export function listedOf(contact: Contact, text: ContactText | undefined): Listed {
  const { party, kind, zone, languages, contact: id } = contact
  const dates = { valid_from: contact.valid_from ?? undefined, valid_until: contact.valid_until ?? undefined }
  const listed = {
    party,
    kind,
    ...text,
    zone,
    hours: hoursAsText(contact),
    languages: languages.join(' '),
    ...dates,
    id,
  }
  return Object.fromEntries(
    listedFields.flatMap((field) => {
      const value = (listed as Partial<Record<ListedField, string>>)[field]
      return value === undefined || value === '' ? [] : [[field, value]]
    }),
  ) as Listed
}
