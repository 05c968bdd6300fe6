import { isValidAt, type Opening, openingsBetween, type Promised, whoAnswers } from '../directory/index.ts'
import { type Attempt, attempts, mostOpenings } from './acts.ts'
import { dueInOpenings } from './due-in-openings.ts'

/** A challenge that a party was sent; all times scenario ms in a drill. */
export interface Asked {
  attempt: Attempt
  contact: string
  sentAt: number
  dueAt: number
  answeredAt?: number
}

export interface Terms {
  within: string
  /** The round is over: nobody is asked who could not answer before, ms. */
  closesAt: number
}

export type Plan =
  | { step: 'send'; attempt: Attempt; contact: Promised; openings: Opening[] }
  /** For the answer to what was asked, until `until`; or for the hours of the contact, which begin then. */
  | { step: 'wait'; for: 'answer' | 'hours'; until: number; contact?: Promised }
  | { step: 'none'; why: 'answered' | 'no-contact' | 'no-deputy' | 'no-time' | 'all-asked' }

/**
 * What is to be done about one party of a round now. A contact is asked once, asked again when it did not answer in
 * time, and then its deputy: another contact of the same party. All of it only in the hours that the contact asked
 * has promised, and only while these leave it the whole time to answer before the round is over.
 */
export function planChallenge(asked: readonly Asked[], contacts: readonly Promised[], terms: Terms, now: number): Plan {
  if (asked.some(({ answeredAt }) => answeredAt !== undefined)) return { step: 'none', why: 'answered' }
  const last = asked.at(-1)
  if (last && now <= last.dueAt) return { step: 'wait', for: 'answer', until: last.dueAt }
  const attempt = attempts[asked.length]
  if (!attempt) return { step: 'none', why: 'all-asked' }
  const candidates = candidatesFor(attempt, asked, contacts)
  if (candidates.length === 0) return { step: 'none', why: attempt === 'deputy' ? 'no-deputy' : 'no-contact' }
  const { now: answering, next } = whoAnswers(candidates, now)
  const [contact] = answering
  if (!contact)
    return next && next.at < terms.closesAt
      ? { step: 'wait', for: 'hours', until: next.at, contact: next.contact }
      : { step: 'none', why: 'no-time' }
  const openings = hoursOf(contact, { from: now, until: terms.closesAt })
  // Beyond the hours known there are none in this round: nothing is asked that would fall due outside of them.
  const latest = Math.min(terms.closesAt, openings.at(-1)?.until ?? Number.POSITIVE_INFINITY)
  return dueInOpenings(now, terms.within, openings) <= latest
    ? { step: 'send', attempt, contact, openings }
    : { step: 'none', why: 'no-time' }
}

/** The same contact again while it stands; the deputy is one that was not asked yet. */
function candidatesFor(attempt: Attempt, asked: readonly Asked[], contacts: readonly Promised[]): Promised[] {
  const isAsked = ({ contact }: Promised) => asked.some((one) => one.contact === contact)
  if (attempt === 'deputy') return contacts.filter((one) => !isAsked(one))
  const again = contacts.filter(isAsked)
  return again.length > 0 ? again : [...contacts]
}

function hoursOf(contact: Promised, span: Opening): Opening[] {
  const openings = openingsBetween(contact, span, contact.calendar)
  return openings.filter(({ from }) => isValidAt(contact, from)).slice(0, mostOpenings)
}

/** How a party did in a round: answered while a challenge ran, later than that, or not. */
export type Outcome = 'in-time' | 'late' | 'silent' | 'not-asked'

export function outcomeOf(asked: readonly Asked[], closesAt: number): Outcome {
  if (asked.length === 0) return 'not-asked'
  const answered = asked.find(({ answeredAt }) => answeredAt !== undefined)?.answeredAt
  if (answered === undefined) return 'silent'
  const isInTime = asked.some(({ sentAt, dueAt }) => sentAt <= answered && answered <= dueAt)
  return isInTime && answered <= closesAt ? 'in-time' : 'late'
}
