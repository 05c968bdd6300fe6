import type { Contact, Promised } from './contacts.ts'
import { nextOpening, openingsAt, openingsBetween } from './office-hours.ts'

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

/** Who answers for a party in a stretch of time, ms; nobody in one without a contact. */
export interface AnswerAhead {
  from: number
  until: number
  contact?: Contact
}

/**
 * The one answer of a party from moment to moment: for paper, and for a device that will be read hours later. Changes
 * that are announced count from when they are in force.
 */
export function answersAhead(contacts: readonly Contact[], { from, until }: { from: number; until: number }) {
  const turns = contacts.flatMap((contact) => [
    ...openingsBetween(contact, { from, until }, contact.calendar).flatMap((opening) => [opening.from, opening.until]),
    ...(contact.announced ? [contact.announced.inForceAt] : []),
    // A nomination begins and ends with a day where the contact is.
    ...midnights(contact.zone, { from, until }),
  ])
  const edges = [...new Set([from, ...turns.filter((at) => from < at && at < until), until])].toSorted((a, b) => a - b)
  const ahead: AnswerAhead[] = []
  for (const [index, start] of edges.slice(0, -1).entries()) {
    const end = edges[index + 1] ?? until
    const inForce = contacts.flatMap((contact) => inForceAt(contact, start))
    const [contact] = whoAnswers(inForce, start).now
    const last = ahead.at(-1)
    if (last && keyOf(last.contact) === keyOf(contact)) last.until = end
    else ahead.push({ from: start, until: end, ...(contact && { contact }) })
  }
  return ahead
}

const keyOf = (contact?: Contact) => contact && `${contact.space} ${contact.contact} ${contact.hash}`

function inForceAt(contact: Contact, at: number): Contact[] {
  const { announced } = contact
  if (!announced || announced.inForceAt > at) return [contact]
  return announced.removal ? [] : [announced.entry]
}

function midnights(zone: string, { from, until }: { from: number; until: number }): number[] {
  const first = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(zone).toPlainDate()
  const found: number[] = []
  for (let day = 1; ; day += 1) {
    const at = first.add({ days: day }).toZonedDateTime(zone).epochMilliseconds
    if (at >= until) return found
    found.push(at)
  }
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
