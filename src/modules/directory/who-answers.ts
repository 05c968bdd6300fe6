import type { Contact } from './contacts.ts'
import { isOpenAt, nextOpening, openingAt } from './office-hours.ts'

/** Who answers for a party at a moment: the first of `now`, or, where nobody promised to, who opens next. */
export interface Answer {
  /** Contacts that promised to answer then: round the clock first, then whoever stays longest. */
  now: Contact[]
  /** Where nobody answers: who does first, and when (ms). */
  next?: { contact: Contact; at: number }
}

export function whoAnswers(contacts: readonly Contact[], at: number): Answer {
  const standing = contacts.filter((contact) => isValidAt(contact, at))
  const now = standing
    .filter((contact) => isOpenAt(contact, at, contact.calendar))
    .map((contact) => ({ contact, until: until(contact, at) }))
    .toSorted((a, b) => (a.until === b.until ? 0 : b.until - a.until))
    .map(({ contact }) => contact)
  if (now.length > 0) return { now }
  const [next] = standing
    .flatMap((contact) => {
      const opening = nextOpening(contact, at, contact.calendar)
      return opening && isValidAt(contact, opening.from) ? [{ contact, at: opening.from }] : []
    })
    .toSorted((a, b) => a.at - b.at)
  return { now, ...(next ? { next } : {}) }
}

/** Whether the nomination counts on that day, there. */
export function isValidAt(
  { zone, valid_from: first, valid_until: last }: Pick<Contact, 'zone' | 'valid_from' | 'valid_until'>,
  at: number,
): boolean {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()
  return (first === null || first <= date) && (last === null || date <= last)
}

function until(contact: Contact, at: number): number {
  if (contact.hours === 'always') return Number.POSITIVE_INFINITY
  return openingAt(contact, at, contact.calendar)?.until ?? at
}
