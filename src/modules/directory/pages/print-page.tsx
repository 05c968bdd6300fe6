import type { Visit } from '../../../core/module/types.ts'
import { formatDate, formatDateTime, formatList, languageName } from '../../../text/index.ts'
import { PageHead, Quiet, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { isUnconfirmed } from '../confirmation.ts'
import type { Contact } from '../contacts.ts'
import { hoursInWords } from '../hours-in-words.ts'
import type { Sheet } from '../load-sheet.ts'

/** Every party, every kind, hours and telephones, on paper: what is at hand when nothing else is. */
export function PrintPage({ visit, sheet }: { visit: Visit; sheet: Sheet }) {
  const { t, language, services, viewer } = visit
  const now = services.clock.now()
  const nameOf = (party: string) => services.nameOf(party, language)
  const parties = [...new Set(sheet.contacts.map((contact) => contact.party))].toSorted((a, b) =>
    nameOf(a).localeCompare(nameOf(b), language),
  )
  const title = t('directory.print.title')
  return (
    <Framed visit={visit} title={title} current="/directory" marking={sheet.marking}>
      <PageHead
        title={title}
        lead={t('directory.print.lead', { time: formatDateTime(now, viewer.person.zone, language) })}
      />
      <Quiet>{t('directory.no-recognition')}</Quiet>
      {sheet.keptBack > 0 && <Quiet>{t('directory.print.kept-back', { count: sheet.keptBack })}</Quiet>}
      {sheet.contacts.length === 0 && <p>{t('directory.no-contacts')}</p>}
      {parties.map((party) => (
        <Section key={party} title={<bdi>{nameOf(party)}</bdi>}>
          <Table
            caption={nameOf(party)}
            quietCaption
            head={[
              t('directory.print.who'),
              t('directory.print.reached'),
              t('directory.hours'),
              t('directory.print.valid'),
            ]}
            rows={sheet.contacts
              .filter((contact) => contact.party === party)
              .map((contact) => [
                <Who visit={visit} contact={contact} />,
                <Reached visit={visit} contact={contact} />,
                <Hours visit={visit} contact={contact} />,
                <Valid visit={visit} contact={contact} now={now} />,
              ])}
          />
        </Section>
      ))}
    </Framed>
  )
}

/** A number that is broken at the end of a line is dialled wrong. */
const unbroken = '\u00A0'

interface CellProps {
  visit: Visit
  contact: Contact
}

function Who({ visit: { t }, contact: { kind, text } }: CellProps) {
  const person = [text?.style, text?.name].filter(Boolean).join(' ')
  return (
    <Lines
      lines={[
        <strong>{text?.post ?? t('directory.withheld')}</strong>,
        t(`directory.kind.${kind}`),
        text?.institution,
        person,
      ]}
    />
  )
}

function Hours({ visit: { t, language }, contact }: CellProps) {
  const spoken = formatList(
    contact.languages.map((one) => languageName(one)),
    language,
  )
  const zone =
    contact.unknownZone === undefined ? contact.zone : t('directory.unknown-zone', { zone: contact.unknownZone })
  return <Lines lines={[hoursInWords(contact, language, t), zone, spoken]} />
}

function Reached({ visit: { t }, contact: { text } }: CellProps) {
  const numbers = (['emergency', 'telephone'] as const).flatMap((which) => {
    const number = text?.[which]
    return number === undefined
      ? []
      : [
          <>
            {t(`directory.contact.${which}`)}: <bdi dir="ltr">{number.replaceAll(' ', unbroken)}</bdi>
          </>,
        ]
  })
  return <Lines lines={[...numbers, text?.email, text?.key]} />
}

function Valid({ visit: { t, language, viewer }, contact, now }: CellProps & { now: number }) {
  const day = (date: string) => formatDate(Date.parse(date), 'UTC', language)
  const { valid_from: from, valid_until: until, confirmed, announced } = contact
  const at = (ms: number) => formatDate(ms, viewer.person.zone, language)
  return (
    <Lines
      lines={[
        from !== null && `${t('directory.contact.valid_from')}: ${day(from)}`,
        until !== null && `${t('directory.contact.valid_until')}: ${day(until)}`,
        isUnconfirmed(contact, now) ? <strong>{t('directory.print.unconfirmed')}</strong> : undefined,
        t('directory.confirmed', { date: at(confirmed) }),
        announced &&
          t(announced.removal ? 'directory.rules.removed-from' : 'directory.rules.changed-from', {
            date: at(announced.inForceAt),
            post: announced.entry.text?.post ?? '',
          }),
      ]}
    />
  )
}

function Lines({ lines }: { lines: readonly unknown[] }) {
  const said = lines.filter((line) => line !== undefined && line !== false && line !== '')
  return said.map((line, index) => (
    <span key={index}>
      {index > 0 && <br />}
      <bdi>{line as never}</bdi>
    </span>
  ))
}
