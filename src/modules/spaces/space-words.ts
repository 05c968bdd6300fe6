import { type Clock, clockState } from '../../core/clocks/index.ts'
import type { Services, SpaceFacts } from '../../core/module/types.ts'
import {
  alphabetical,
  formatDate,
  formatDateTime,
  formatDuration,
  formatList,
  isMessageKey,
  isolate,
} from '../../text/index.ts'
import type { Translate } from '../../text/types.ts'
import { type ClockReading, dutyText } from './clock-words.ts'

/** Title in the reader's language, else in English, else in any. */
export function titleOf(space: Pick<SpaceFacts, 'title' | 'id'>, language: string): string {
  return space.title[language] ?? space.title.en ?? Object.values(space.title)[0] ?? space.id
}

/** Parties in it now, in the order they came, ourselves first. */
export function activeMembers(space: SpaceFacts, ourselves: string): SpaceFacts['members'] {
  return space.members
    .filter((member) => member.until === undefined)
    .toSorted((a, b) => Number(b.party === ourselves) - Number(a.party === ourselves))
}

type Naming = Pick<Services, 'nameOf' | 'party'>

/** "Aurelia, Borovia and Calenia" in the alphabetical order of the language, each name kept in its own direction. */
export function listNames(parties: readonly string[], services: Naming, language: string): string {
  return formatList(
    parties
      .map((party) => services.nameOf(party, language))
      .toSorted(alphabetical(language, (name) => name))
      .map(isolate),
    language,
  )
}

/** The parties of a space now. */
export function partiesText(space: SpaceFacts, services: Naming, language: string): string {
  return listNames(
    activeMembers(space, services.party).map((one) => one.party),
    services,
    language,
  )
}

/** Does a party belong to a space now? */
export function isMember(space: Pick<SpaceFacts, 'members'>, party: string): boolean {
  return space.members.some((member) => member.party === party && member.until === undefined)
}

type Telling = { t: Translate; language: string }

/** Who can read what is said here: from membership, and from whom it is sealed to. */
export function readersText(space: SpaceFacts, services: Naming, { t, language }: Telling): string {
  const parties = partiesText(space, services, language)
  return t(space.sealed ? 'spaces.about.readers-sealed' : 'spaces.about.readers', { parties })
}

/** Who orders it, and what that lets it see. */
export function hostText(space: SpaceFacts, services: Naming, { t, language }: Telling): string {
  const host = services.nameOf(space.host, language)
  if (space.sealed && !isMember(space, space.host)) return t('spaces.about.host-dark', { host })
  return t('spaces.about.host', { host, ours: space.hosted ? 'yes' : 'no' })
}

/** One sentence: the most pressing duty, or who may speak next when nothing is open. */
export function stateSentence(space: SpaceFacts, open: readonly Clock[], reading: ClockReading): string {
  const { services, t, language, zone, now } = reading
  const [clock] = open.toSorted(
    (a, b) => Number(b.duty === services.party) - Number(a.duty === services.party) || a.dueAt - b.dueAt,
  )
  if (!clock) {
    const key = space.size <= 1 ? 'spaces.state.nothing-said' : 'spaces.state.nothing-open'
    return t(key, { date: formatDate(space.time, zone, language) })
  }
  const who = clock.duty === services.party ? 'us' : 'them'
  const state = clockState(clock, now)
  return t(`spaces.state.${who}-${state === 'overdue' || state === 'unanswered' ? state : 'running'}`, {
    party: services.nameOf(clock.duty, language),
    duty: dutyText(clock, t),
    due: formatDateTime(clock.dueAt, zone, language, { short: true }),
    late: formatDuration(now - clock.dueAt, language),
    more: open.length - 1,
  })
}

/** Why an act on the record changed nothing, in words; a code nobody words is shown as it is. */
export function withoutEffectText(type: string, code: string, t: Translate): string {
  const [prefix = ''] = type.split('.')
  const namespace = { clock: 'clocks', space: 'spaces', drill: 'spaces', register: 'spaces' }[prefix] ?? prefix
  for (const key of [`${namespace}.without-effect.${code}`, `spaces.without-effect.${code}`]) {
    if (isMessageKey(key)) return t(key)
  }
  return t('spaces.without-effect.other', { code })
}
