import { languageName, languages, type Translate } from '../../text/index.ts'

const keys: Record<string, string> = {
  name: 'entrance.person.name',
  email: 'entrance.person.email',
  language: 'common.language',
  zone: 'entrance.account.zone',
  role: 'entrance.person.role',
  office: 'common.office',
  code: 'entrance.sign-in.code',
  party: 'entrance.set-up.address.domain',
  hours: 'entrance.set-up.duty-desk.hours',
  deputy: 'entrance.set-up.duty-desk.deputy',
  telephone: 'entrance.set-up.duty-desk.telephone',
  fingerprint: 'entrance.set-up.peer.heard',
  by: 'entrance.set-up.peer.who',
  how: 'entrance.set-up.peer.how',
  url: 'entrance.set-up.peer.address',
  from: 'administration.people.from',
  until: 'administration.people.until',
  reason: 'administration.recovery.reason',
  subject: 'administration.powers.subject',
  verb: 'administration.powers.may',
}

/** Labels of the fields of these forms by name, for summaries of what needs correcting. */
export function fieldLabels(t: Translate): Record<string, string> {
  const labels = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, t(key)]))
  const numbered = [1, 2].flatMap((number) => [
    ...Object.entries(labels).map(([name, label]) => [
      `${name}-${number}`,
      `${t('entrance.set-up.administrators.person', { number })}, ${label}`,
    ]),
    [`holder-${number}`, t('entrance.set-up.keys.holder', { number })],
    [`sheet-${number}`, t('entrance.set-up.keys.typed', { number })],
  ])
  const named = languages().map((language) => [
    `name-${language}`,
    t('entrance.set-up.names.name-in', { language: languageName(language) }),
  ])
  return { ...labels, ...Object.fromEntries([...numbered, ...named]) }
}
