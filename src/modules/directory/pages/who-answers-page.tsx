import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatTime } from '../../../text/index.ts'
import { Button, Details, Field, Form, Lead, LinkButton, PageHead, Quiet, Section, Select } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { contactKinds } from '../acts.ts'
import type { Contact } from '../contacts.ts'
import { type Answer, type AnswerAhead, answersAhead, whoAnswers } from '../who-answers.ts'
import { ContactEntry } from './contact-entry.tsx'

/** What was asked: of whom, for which kind of matter, and when (ms; undefined is now). */
export interface Asked {
  party?: string
  kind?: string
  at?: number
}

interface Props {
  visit: Visit
  parties: string[]
  contacts: Contact[]
  asked: Asked
  errors?: Record<string, string>
  values?: Record<string, unknown>
}

/** One answer per party to "who answers, at that hour", telephone first; the rest below. Made to be printed. */
export function WhoAnswersPage({ visit, parties, contacts, asked, errors = {}, values = {} }: Props) {
  const { t, language, services, viewer } = visit
  const at = asked.at ?? services.clock.now()
  const shown = parties.filter((party) => asked.party === undefined || party === asked.party)
  const title = t(asked.at === undefined ? 'directory.now.title' : 'directory.now.title-then')
  return (
    <Framed visit={visit} title={title} current="/directory">
      <PageHead
        title={title}
        lead={t('directory.now.lead', {
          time: formatDateTime(at, viewer.person.zone, language, { weekday: true }),
          zone: viewer.person.zone,
        })}
        actions={<LinkButton plain href="/directory/print" label={t('directory.print.link')} />}
      />
      <Details summary={t('directory.now.other')} open={Object.keys(errors).length > 0}>
        <Form action="/directory/now" method="get" label={t('directory.now.other')}>
          <Select
            name="party"
            label={t('directory.now.party')}
            value={asked.party ?? ''}
            options={[
              { value: '', label: t('directory.now.everybody') },
              ...parties.map((party) => ({ value: party, label: services.nameOf(party, language) })),
            ]}
          />
          <Select
            name="kind"
            label={t('directory.contact.kind')}
            value={asked.kind ?? ''}
            options={[
              { value: '', label: t('directory.now.any-kind') },
              ...contactKinds.map((kind) => ({ value: kind, label: t(`directory.kind.${kind}`) })),
            ]}
          />
          <Field
            name="at"
            type="datetime-local"
            label={t('directory.now.at', { zone: viewer.person.zone })}
            hint={t('directory.now.at-hint')}
            value={String(values.at ?? localTime(asked.at, viewer.person.zone))}
            error={errors.at}
            required={false}
          />
          <Button label={t('directory.now.ask')} />
        </Form>
      </Details>
      {shown.map((party) => {
        const ofParty = contacts.filter(
          (contact) => contact.party === party && (asked.kind === undefined || contact.kind === asked.kind),
        )
        return (
          <Section key={party} title={services.nameOf(party, language)}>
            <AnswerOf visit={visit} answer={whoAnswers(ofParty, at)} at={at} />
            {asked.at === undefined && <Ahead visit={visit} contacts={ofParty} from={at} />}
          </Section>
        )
      })}
      {shown.length === 0 && <Quiet>{t('directory.no-contacts')}</Quiet>}
    </Framed>
  )
}

function AnswerOf({ visit, answer: { now, next }, at }: { visit: Visit; answer: Answer; at: number }) {
  const { t, language, viewer } = visit
  const [first, ...others] = now
  if (first)
    return (
      <>
        <ContactEntry visit={visit} contact={first} at={at} />
        {others.length > 0 && <h3>{t('directory.now.also')}</h3>}
        {others.map((contact) => (
          <ContactEntry key={`${contact.space} ${contact.contact}`} visit={visit} contact={contact} at={at} />
        ))}
      </>
    )
  if (!next) return <Quiet>{t('directory.now.nobody')}</Quiet>
  return (
    <>
      <Lead>
        {t('directory.now.nobody-until', {
          time: formatDateTime(next.at, viewer.person.zone, language, { weekday: true }),
          there: formatTime(next.at, next.contact.zone, language, { zoneLabel: true }),
        })}
      </Lead>
      <ContactEntry visit={visit} contact={next.contact} at={at} />
    </>
  )
}

/** How far ahead the page says who will answer: what is printed or kept is read later, ms. */
const aheadMs = 24 * 60 * 60 * 1_000

/** Who answers after that, hour by hour; nothing where the answer stays the same. */
function Ahead({ visit, contacts, from }: { visit: Visit; contacts: Contact[]; from: number }) {
  const { t } = visit
  const ahead = answersAhead(contacts, { from, until: from + aheadMs })
  if (ahead.length < 2) return null
  return (
    <>
      <h3>{t('directory.now.ahead')}</h3>
      <ul>
        {ahead.map((one) => (
          <li key={one.from}>
            <AheadLine visit={visit} one={one} />
          </li>
        ))}
      </ul>
    </>
  )
}

function AheadLine({
  visit: { t, viewer, language },
  one: { from, until, contact },
}: {
  visit: Visit
  one: AnswerAhead
}) {
  const at = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { weekday: true, short: true })
  const number = contact?.text?.emergency ?? contact?.text?.telephone
  return (
    <>
      {at(from)} – {at(until)}:{' '}
      {contact ? <bdi>{contact.text?.post ?? t('directory.withheld')}</bdi> : t('directory.now.nobody-then')}
      {number !== undefined && (
        <>
          {' · '}
          <a href={`tel:${number.replace(/[^+\d]/g, '')}`} dir="ltr">
            {number}
          </a>
        </>
      )}
    </>
  )
}

/** As the input of a browser writes it: 2026-11-22T03:00. */
function localTime(at: number | undefined, zone: string): string {
  if (at === undefined) return ''
  const there = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return there.toPlainDateTime().toString({ smallestUnit: 'minute' })
}
