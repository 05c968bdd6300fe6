import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDate, formatList, formatTime, languageName } from '../../../text/index.ts'
import { Entry, FormLine, LinkButton, PageHead, Pairs, Quiet, Row, Section } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Shift } from '../rota/on-duty.ts'
import type { Contact } from '../contacts.ts'
import { firstInWords } from '../rota/rota-words.ts'
import { hoursInWords } from '../hours-in-words.ts'
import { isOpenAt } from '../office-hours.ts'
import { isValidAt } from '../who-answers.ts'

interface Props {
  visit: Visit
  parties: string[]
  contacts: Contact[]
  directories: SpaceFacts[]
  onDuty: Shift[]
}

/** Parties with their points of contact. */
export function DirectoryPage({ visit, parties, contacts, directories, onDuty }: Props) {
  const { t, language, services, viewer } = visit
  return (
    <Framed visit={visit} title={t('directory.title')} current="/directory">
      <PageHead
        title={t('directory.title')}
        lead={t('directory.lead', { count: contacts.length })}
        actions={<LinkButton href="/directory/now" label={t('directory.now.title')} />}
      />
      <Quiet>{t('directory.no-recognition')}</Quiet>
      {directories.map((space) => (
        <Row key={space.id}>
          <a href={`/spaces/${space.id}`}>{space.title[language] ?? Object.values(space.title)[0]}</a>
          {viewer.may('directory.contact-nominated:draft') && (
            <LinkButton
              plain
              href={`/spaces/${space.id}/write/directory.contact-nominated`}
              label={t('directory.wish.contact')}
            />
          )}
        </Row>
      ))}
      {parties.map((party) => (
        <Section key={party} title={<a href={`/directory/parties/${party}`}>{services.nameOf(party, language)}</a>}>
          {contacts
            .filter((contact) => contact.party === party)
            .map((contact) => (
              <ContactEntry key={`${contact.space} ${contact.contact}`} visit={visit} contact={contact} mayChange />
            ))}
          {contacts.every((contact) => contact.party !== party) && <Quiet>{t('directory.no-contacts')}</Quiet>}
        </Section>
      ))}
      <Section title={t('directory.rota.title')}>
        <Quiet>{firstInWords(onDuty, t)}</Quiet>
        <LinkButton plain href="/directory/rota" label={t('directory.rota.see')} />
      </Section>
    </Framed>
  )
}

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
  const { t, language, services, viewer } = visit
  const moment = at ?? services.clock.now()
  const { text } = contact
  const isValid = isValidAt(contact, moment)
  const openWords = isOpenAt(contact, moment, contact.calendar) ? 'directory.open-now' : 'directory.closed-now'
  return (
    <Entry
      margin={
        <Pairs
          items={[
            { term: t('directory.there'), detail: formatTime(moment, contact.zone, language, { zoneLabel: true }) },
            { term: t('directory.hours'), detail: t(isValid ? openWords : 'directory.not-valid') },
          ]}
        />
      }
    >
      <FormLine>{t(`directory.kind.${contact.kind}`)}</FormLine>
      <h3 dir="auto">{text?.post ?? t('directory.withheld')}</h3>
      {text?.institution !== undefined && <p dir="auto">{text.institution}</p>}
      {text?.name !== undefined && <p dir="auto">{[text.style, text.name].filter(Boolean).join(' ')}</p>}
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
      {text?.instrument !== undefined && (
        <Quiet>
          {t('directory.contact.instrument')}: <bdi>{text.instrument}</bdi>
        </Quiet>
      )}
      <Quiet>
        {t(moment - contact.since > yearMs ? 'directory.since-long' : 'directory.since', {
          date: formatDate(contact.since, viewer.person.zone, language),
        })}
      </Quiet>
      {mayChange && contact.party === services.party && <OwnEntry visit={visit} contact={contact} />}
    </Entry>
  )
}

function OwnEntry({ visit: { t, viewer }, contact: { space, contact } }: { visit: Visit; contact: Contact }) {
  return (
    <Row>
      {viewer.may('directory.contact-nominated:draft') && (
        <LinkButton
          plain
          href={`/spaces/${space}/write/directory.contact-nominated?contact=${contact}`}
          label={t('directory.remove.change')}
        />
      )}
      {viewer.may('directory.contact-removed:send') && (
        <LinkButton plain href={`/spaces/${space}/contacts/${contact}/remove`} label={t('directory.remove.link')} />
      )}
    </Row>
  )
}

/** Entries are to be confirmed each year: after that long the page says so. */
const yearMs = 366 * 24 * 60 * 60 * 1_000

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
