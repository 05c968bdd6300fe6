import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { formatDateTime, formatTime } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Entry,
  Field,
  Form,
  FormLine,
  Hidden,
  LinkButton,
  PageHead,
  Pairs,
  Quiet,
  Row,
  Section,
  Select,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Shift } from '../duty-rota.ts'
import { answersNow, type Contact, isOpenAt } from '../queries.ts'

interface Props {
  visit: Visit
  parties: string[]
  contacts: Contact[]
  directories: SpaceFacts[]
  onDuty: Shift[]
  mayManage: boolean
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
        <Section key={party} title={services.nameOf(party, language)}>
          {contacts
            .filter((contact) => contact.party === party)
            .map((contact) => (
              <ContactEntry key={contact.contact} visit={visit} contact={contact} />
            ))}
          {contacts.every((contact) => contact.party !== party) && <Quiet>{t('directory.no-contacts')}</Quiet>}
        </Section>
      ))}
      <Section title={t('directory.rota.title')}>
        <Quiet>{onDuty[0] ? t('directory.rota.first', { name: onDuty[0].name }) : t('directory.rota.nobody')}</Quiet>
        <LinkButton plain href="/directory/rota" label={t('directory.rota.see')} />
      </Section>
    </Framed>
  )
}

export function ContactEntry({ visit, contact }: { visit: Visit; contact: Contact }) {
  const { t, language, services } = visit
  const now = services.clock.now()
  const { text } = contact
  return (
    <Entry
      margin={
        <Pairs
          items={[
            {
              term: t('directory.there'),
              detail: formatTime(now, contact.zone, language, { zoneLabel: true }),
            },
            {
              term: t('directory.hours'),
              detail: t(isOpenAt(contact, now) ? 'directory.open-now' : 'directory.closed-now'),
            },
          ]}
        />
      }
    >
      <FormLine>{t(`directory.kind.${contact.kind}`)}</FormLine>
      <h3 dir="auto">{text?.post ?? t('directory.withheld')}</h3>
      {text?.name !== undefined && <p dir="auto">{text.name}</p>}
      {text?.emergency !== undefined && (
        <p>
          {t('directory.contact.emergency')}:{' '}
          <a href={`tel:${text.emergency.replace(/[^+\d]/g, '')}`} dir="ltr">
            {text.emergency}
          </a>
        </p>
      )}
      {text?.telephone !== undefined && (
        <p>
          {t('directory.contact.telephone')}:{' '}
          <a href={`tel:${text.telephone.replace(/[^+\d]/g, '')}`} dir="ltr">
            {text.telephone}
          </a>
        </p>
      )}
    </Entry>
  )
}

/** One answer per party to "who answers now", telephone first. */
export function WhoAnswersPage({ visit, parties, contacts }: Pick<Props, 'visit' | 'parties' | 'contacts'>) {
  const { t, language, services, viewer } = visit
  const now = services.clock.now()
  return (
    <Framed visit={visit} title={t('directory.now.title')} current="/directory">
      <PageHead
        title={t('directory.now.title')}
        lead={t('directory.now.lead', { time: formatDateTime(now, viewer.person.zone, language) })}
      />
      {parties.map((party) => {
        const open = answersNow(
          contacts.filter((contact) => contact.party === party),
          now,
        )
        return (
          <Section key={party} title={services.nameOf(party, language)}>
            {open.length === 0 && <Quiet>{t('directory.now.nobody')}</Quiet>}
            {open.map((contact) => (
              <ContactEntry key={contact.contact} visit={visit} contact={contact} />
            ))}
          </Section>
        )
      })}
      {parties.length === 0 && <Quiet>{t('directory.no-contacts')}</Quiet>}
    </Framed>
  )
}

/** Who is on duty at home, and who is paged next. */
export function RotaPage({
  visit,
  onDuty,
  mayManage,
  people,
  id,
  errors = {},
}: Pick<Props, 'visit' | 'onDuty' | 'mayManage'> & {
  people: { id: string; name: string }[]
  id: string
  errors?: Record<string, string>
}) {
  const { t, language, viewer } = visit
  return (
    <Framed visit={visit} title={t('directory.rota.title')} current="/directory">
      <PageHead
        title={t('directory.rota.title')}
        lead={onDuty[0] ? t('directory.rota.first', { name: onDuty[0].name }) : t('directory.rota.nobody')}
      />
      {onDuty.map((shift) => (
        <Entry
          key={shift.id}
          margin={
            shift.untilAt === undefined
              ? t('directory.rota.open-end')
              : t('directory.rota.until', {
                  time: formatDateTime(shift.untilAt, viewer.person.zone, language, { short: true }),
                })
          }
        >
          <FormLine>{t('directory.rota.rank', { rank: shift.rank })}</FormLine>
          <h2>{shift.name}</h2>
          {mayManage && <ButtonForm plain action={`/directory/rota/${shift.id}/end`} label={t('directory.rota.end')} />}
        </Entry>
      ))}
      {mayManage && (
        <Section title={t('directory.rota.add')}>
          <Form action="/directory/rota">
            <Hidden name="id" value={id} />
            <Select
              name="person"
              label={t('directory.rota.person')}
              error={errors.person}
              placeholder=""
              options={people.map((person) => ({ value: person.id, label: person.name }))}
            />
            <Select
              name="rank"
              label={t('directory.rota.paged')}
              value="1"
              error={errors.rank}
              options={[1, 2, 3].map((rank) => ({ value: String(rank), label: t('directory.rota.rank', { rank }) }))}
            />
            <Field
              name="hours"
              type="number"
              min={1}
              max={336}
              label={t('directory.rota.hours')}
              hint={t('directory.rota.hours-hint')}
              error={errors.hours}
              required={false}
              width="short"
            />
            <Button label={t('directory.rota.put-on-duty')} />
          </Form>
        </Section>
      )}
    </Framed>
  )
}
