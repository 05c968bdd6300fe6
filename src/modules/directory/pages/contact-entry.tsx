import { actHref } from '../../../core/module/act-href.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatList, formatTime, languageName } from '../../../text/index.ts'
import { Entry, FormLine, LinkButton, Pairs, Quiet, Row } from '../../../web/index.ts'
import { isUnconfirmed } from '../confirmation.ts'
import type { Contact } from '../contacts.ts'
import { hoursInWords } from '../hours-in-words.ts'
import { answersUntil, isValidAt } from '../who-answers.ts'

/** A point of contact; `at` (ms) is the moment for which it is asked whether anybody answers. */
export function ContactEntry({
  visit,
  contact,
  at,
  mayChange,
}: {
  visit: Visit
  contact: Contact
  at?: number
  /** Shows how to change or remove it, if it is ours. */
  mayChange?: boolean
}) {
  const { t, language, services } = visit
  const moment = at ?? services.clock.now()
  const { text } = contact
  const answers = answersUntil(contact, moment) !== undefined
  const state = answers ? 'open-now' : isValidAt(contact, moment) ? 'closed-now' : 'not-valid'
  return (
    <Entry
      margin={
        <Pairs
          items={[
            { term: t('directory.there'), detail: formatTime(moment, contact.zone, language, { zoneLabel: true }) },
            { term: t('directory.hours'), detail: t(`directory.${state}`) },
          ]}
        />
      }
    >
      <FormLine>{t(`directory.kind.${contact.kind}`)}</FormLine>
      <h3>
        <bdi>{text?.post ?? t('directory.withheld')}</bdi>
      </h3>
      {text?.institution !== undefined && <Words text={text.institution} />}
      {text?.name !== undefined && <Words text={[text.style, text.name].filter(Boolean).join(' ')} />}
      <Telephone label={t('directory.contact.emergency')} number={text?.emergency} />
      <Telephone label={t('directory.contact.telephone')} number={text?.telephone} />
      {text?.email !== undefined && (
        <p>
          {t('directory.contact.email')}:{' '}
          <a href={`mailto:${text.email}`} dir="ltr">
            {text.email}
          </a>
        </p>
      )}
      <Quiet>
        {hoursInWords(contact, language, t)} ·{' '}
        {formatList(
          contact.languages.map((one) => languageName(one)),
          language,
        )}
      </Quiet>
      {contact.unknownZone !== undefined && <p>{t('directory.unknown-zone', { zone: contact.unknownZone })}</p>}
      {text?.instrument !== undefined && (
        <Quiet>
          {t('directory.contact.instrument')}: <bdi>{text.instrument}</bdi>
        </Quiet>
      )}
      <Confirmed visit={visit} contact={contact} at={moment} />
      <Announced visit={visit} contact={contact} />
      {mayChange && contact.party === services.party && <OwnEntry visit={visit} contact={contact} />}
    </Entry>
  )
}

function Words({ text }: { text: string }) {
  return (
    <p>
      <bdi>{text}</bdi>
    </p>
  )
}

/** Since when it stands, and since when nobody said that it is still right. */
function Confirmed({ visit: { t, language, viewer }, contact, at }: { visit: Visit; contact: Contact; at: number }) {
  const day = (ms: number) => formatDate(ms, viewer.person.zone, language)
  const since = t('directory.since', { date: day(contact.since) })
  if (isUnconfirmed(contact, at)) return <p>{t('directory.unconfirmed', { since, date: day(contact.confirmed) })}</p>
  if (contact.confirmedBy === undefined) return <Quiet>{since}</Quiet>
  return (
    <Quiet>
      {since} ·{' '}
      <a href={actHref(contact.space, contact.confirmedBy)}>
        {t('directory.confirmed', { date: day(contact.confirmed) })}
      </a>
    </Quiet>
  )
}

/** What is on the record and in force later. */
function Announced({ visit: { t, language, viewer }, contact }: { visit: Visit; contact: Contact }) {
  const { announced } = contact
  if (!announced) return null
  const date = formatDate(announced.inForceAt, viewer.person.zone, language)
  const post = announced.entry.text?.post ?? t('directory.withheld')
  return (
    <p>
      <a href={actHref(contact.space, announced.hash)}>
        {announced.removal
          ? t('directory.rules.removed-from', { date })
          : t('directory.rules.changed-from', { date, post })}
      </a>
    </p>
  )
}

function OwnEntry({
  visit: { t, viewer },
  contact: { space, contact, announced },
}: {
  visit: Visit
  contact: Contact
}) {
  const isLeaving = announced?.removal === true
  return (
    <Row>
      {viewer.may('directory.contact-nominated:draft') && (
        <LinkButton
          plain
          href={`/spaces/${space}/write/directory.contact-nominated?contact=${contact}`}
          label={t('directory.remove.change')}
        />
      )}
      {!isLeaving && viewer.may('directory.contact-confirmed:send') && (
        <LinkButton plain href={`/spaces/${space}/contacts/${contact}/confirm`} label={t('directory.confirm.link')} />
      )}
      {!isLeaving && viewer.may('directory.contact-removed:send') && (
        <LinkButton plain href={`/spaces/${space}/contacts/${contact}/remove`} label={t('directory.remove.link')} />
      )}
    </Row>
  )
}

function Telephone({ label, number }: { label: string; number: string | undefined }) {
  if (number === undefined) return null
  return (
    <p>
      {label}:{' '}
      <a href={`tel:${number.replace(/[^+\d]/g, '')}`} dir="ltr">
        {number}
      </a>
    </p>
  )
}
