import type { Contact, Promised } from './contacts.ts'
import { nextOpening, openingsAt } from './office-hours.ts'

/** Who answers for a party at a moment: the first of `now`, or, where nobody promised to, who opens next. */
export interface Answer<C extends Promised = Contact> {
  /** Contacts that promised to answer then: round the clock first, then whoever stays longest. */
  now: C[]
  /** Where nobody answers: who does first, and when (ms). */
  next?: { contact: C; at: number }
}

type Standing = Pick<Contact, 'zone' | 'hours' | 'week' | 'calendar' | 'valid_from' | 'valid_until'>

export function whoAnswers<C extends Promised>(contacts: readonly C[], at: number): Answer<C> {
  const now = contacts
    .flatMap((contact) => {
      const until = answersUntil(contact, at)
      return until === undefined ? [] : [{ contact, until }]
    })
    .toSorted((a, b) => (a.until === b.until ? 0 : b.until - a.until))
    .map(({ contact }) => contact)
  if (now.length > 0) return { now }
  const [next] = contacts
    .filter((contact) => isValidAt(contact, at))
    .flatMap((contact) => {
      const opening = nextOpening(contact, at, contact.calendar)
      return opening && isValidAt(contact, opening.from) ? [{ contact, at: opening.from }] : []
    })
    .toSorted((a, b) => a.at - b.at)
  return { now, ...(next ? { next } : {}) }
}

/**
 * Until when (ms) a contact that answers at `at` does; undefined when it does not. An opening that begins on the last
 * day of a nomination counts to its end, beyond midnight too.
 */
export function answersUntil(contact: Standing, at: number): number | undefined {
  const isValid = isValidAt(contact, at)
  if (contact.hours === 'always') return isValid ? Number.POSITIVE_INFINITY : undefined
  const openings = openingsAt(contact, at, contact.calendar).filter(({ from }) => isValid || isValidAt(contact, from))
  return openings.length > 0 ? Math.max(...openings.map(({ until }) => until)) : undefined
}

/** Whether the nomination counts on that day, there. */
export function isValidAt(
  { zone, valid_from: first, valid_until: last }: Pick<Standing, 'zone' | 'valid_from' | 'valid_until'>,
  at: number,
): boolean {
  const date = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()
  return (first === null || first <= date) && (last === null || date <= last)
}
