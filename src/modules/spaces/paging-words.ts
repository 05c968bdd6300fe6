import { addDuration, isDuration } from '../../core/clocks/index.ts'
import type { SpaceFacts, Visit } from '../../core/module/types.ts'
import { formatDateTime, formatTime } from '../../text/index.ts'
import { type Contact, listContacts, whoAnswers } from '../directory/index.ts'
import { agreedEscalation } from './agreed-escalation.ts'
import { activeMembers } from './space-words.ts'

/** Acts that put the duty to acknowledge on who is addressed, and are paged about for that. */
const acknowledged = new Set(['channels.note-sent'])

/**
 * Whom a message to a party pages there and when that escalates, sentence by sentence: who answers there by its own
 * directory, and the ladder that the acknowledgement agreed in the space runs on. `now` in scenario ms in a drill;
 * `contact`: the one it is for, where it names one; `asked`: the time to acknowledge that the message itself asks for, where none is agreed.
 */
export async function pagingWords(
  visit: Visit,
  {
    space,
    addressee,
    now,
    asked,
    contact,
  }: { space: SpaceFacts; addressee: string; now: number; asked?: string; contact?: string },
): Promise<string[]> {
  const { services, viewer, t, language } = visit
  const party = services.nameOf(addressee, language)
  const within = space.terms.acknowledgeWithin ?? asked
  if (within === undefined || !isDuration(within)) return [t('spaces.paging.nobody', { party })]
  const listed = await listContacts(services, viewer, addressee)
  const named = listed.filter((one) => one.contact === contact)
  const contacts = named.length > 0 ? named : listed
  const { now: answering, next } = whoAnswers(contacts, now)
  const zone = answering[0]?.zone ?? next?.contact.zone ?? viewer.person.zone
  const postOf = (contact: (typeof contacts)[number]) => contact.text?.post ?? t('spaces.review.duty-desk')
  const at = (part: number) => now + Math.floor((dueAt - now) * part)
  const dueAt = addDuration(now, within, space.terms.zone ?? 'Etc/UTC')
  const time = (ms: number) => formatDateTime(ms, zone, language, { short: true })
  const who = answering[0]
    ? t('spaces.review.pages-whom', {
        post: postOf(answering[0]),
        party,
        time: formatTime(now, zone, language, { zoneLabel: true }),
      })
    : next
      ? t('spaces.paging.later', { post: postOf(next.contact), party, time: time(next.at) })
      : t('spaces.paging.unpublished', { party })
  return [
    who,
    t(space.terms.acknowledgeWithin ? 'spaces.paging.ladder' : 'spaces.paging.ladder-asked', {
      due: time(dueAt),
      half: time(at(0.5)),
      most: time(at(0.75)),
    }),
    ...escalationWords(visit, { space, addressee, due: time(dueAt), listed, now }),
    ...(space.terms.reportsOpening === 'yes' ? [t('delivery.agreed.reports-opening')] : []),
  ]
}

/** To whom one turns when nobody acknowledged in the time agreed, with the address; nothing where nothing was agreed. */
function escalationWords(
  { services, t, language }: Visit,
  asked: { space: SpaceFacts; addressee: string; due: string; listed: readonly Contact[]; now: number },
): string[] {
  const { space, addressee, due, listed, now } = asked
  const to = space.terms.acknowledgeWithin && agreedEscalation(space, [services.party, addressee])
  if (!to) return []
  const party = services.nameOf(addressee, language)
  if (to === 'secretariat')
    return [t('delivery.then.secretariat', { due, secretariat: services.nameOf(space.host, language) })]
  const there = listed.filter((one) => one.kind === to)
  const { now: answering, next } = whoAnswers(there, now)
  const contact = answering[0] ?? next?.contact
  const facts = { due, party, kind: t(`directory.kind.${to}`) }
  if (!contact) return [t('delivery.then.nobody', facts)]
  const { text } = contact
  const address = [text?.post, text?.emergency, text?.telephone, text?.email].filter(Boolean).join(', ')
  return [t('delivery.then.contact', { ...facts, address })]
}

/** The same for the parties that a form could be addressed to: the one that is known, else every other member. */
export async function pagingOfForm(
  visit: Visit,
  { space, type, addressee }: { space: SpaceFacts; type: string; addressee?: string },
): Promise<string[]> {
  const { services } = visit
  if (!acknowledged.has(type)) return []
  const others = activeMembers(space, services.party)
    .map((one) => one.party)
    .filter((party) => party !== services.party)
  const asked = addressee !== undefined && others.includes(addressee) ? [addressee] : others.slice(0, 5)
  const now = await services.ledger.scenarioNow(space)
  return (await Promise.all(asked.map((party) => pagingWords(visit, { space, addressee: party, now })))).flat()
}
