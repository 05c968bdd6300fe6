import { type Appointment, type Recovery, roleIds } from '../../../core/auth/index.ts'
import type { People, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate, formatDateTime } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  Checkbox,
  Details,
  Entry,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  LinkButton,
  PageHead,
  Pairs,
  Quiet,
  Row,
  Section,
  Select,
} from '../../../web/index.ts'
import { fieldLabels, LinksShown, nameIn, PersonFields, type ShownLink } from '../../entrance/index.ts'
import { AdministrationFrame, type Outcome, typed } from './administration-frame.tsx'

export type Person = Awaited<ReturnType<People['list']>>[number]
export type OfficeShown = { id: string; name: Record<string, string> }

export interface PeoplePageProps extends Outcome {
  visit: Visit
  people: Person[]
  offices: OfficeShown[]
  recoveries: Recovery[]
  links?: ShownLink[]
}

export function PeoplePage({ visit, people, offices, recoveries, links, errors = {}, refusal }: PeoplePageProps) {
  const { t, language } = visit
  const rolesOf = (person: Person) => person.roles.map((role) => t(`auth.role.${role}`)).join(' · ')
  return (
    <AdministrationFrame visit={visit} title={t('administration.people.title')} room="people" refusal={refusal}>
      <PageHead title={t('administration.people.heading', { count: people.length })} />
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {links && <LinksShown visit={visit} links={links} />}
      {recoveries.length > 0 && <Recoveries visit={visit} people={people} recoveries={recoveries} />}
      {people.map((person) => (
        <Entry
          key={person.id}
          margin={
            <Pairs
              items={[
                { term: t('entrance.person.role'), detail: rolesOf(person) || t('administration.people.no-role') },
                person.email !== undefined && { term: t('entrance.person.email'), detail: <bdi>{person.email}</bdi> },
              ]}
            />
          }
        >
          <h2>
            <a href={`/people/${person.id}`}>{person.name}</a>
          </h2>
          <p>{person.offices.map((office) => nameIn(office.name, language, office.id)).join(' · ')}</p>
        </Entry>
      ))}
      <Section title={t('administration.people.add')} id="add">
        <Form action="/people">
          <PersonFields visit={visit} errors={errors} roles={roleIds} roleRequired />
          <OfficeAndDates visit={visit} offices={offices} errors={errors} />
          <Button label={t('administration.people.add-and-link')} />
        </Form>
      </Section>
    </AdministrationFrame>
  )
}

function OfficeAndDates({
  visit,
  offices,
  errors,
}: {
  visit: Visit
  offices: OfficeShown[]
  errors: Record<string, string>
}) {
  const { t, language } = visit
  return (
    <>
      <Select
        name="office"
        label={t('common.office')}
        value={typed(visit, 'office')}
        placeholder={t('administration.people.choose-office')}
        required
        options={offices.map(({ id, name }) => ({ value: id, label: nameIn(name, language, id) }))}
        error={errors.office}
      />
      <Field
        name="from"
        type="date"
        label={t('administration.people.from')}
        hint={t('administration.people.from-hint')}
        required={false}
        value={typed(visit, 'from')}
        error={errors.from}
      />
      <Field
        name="until"
        type="date"
        label={t('administration.people.until')}
        hint={t('administration.people.until-hint')}
        required={false}
        value={typed(visit, 'until')}
        error={errors.until}
      />
      <Checkbox name="acting" label={t('administration.people.acting')} checked={typed(visit, 'acting') === 'yes'} />
    </>
  )
}

function Recoveries({ visit, people, recoveries }: { visit: Visit; people: Person[]; recoveries: Recovery[] }) {
  const { t, language, viewer } = visit
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id
  return (
    <Section title={t('administration.recovery.waiting', { count: recoveries.length })} id="recoveries">
      {recoveries.map((recovery) => (
        <Entry key={recovery.id}>
          <h3>{nameOf(recovery.person)}</h3>
          <p>
            {t('administration.recovery.asked', {
              name: nameOf(recovery.askedBy),
              time: formatDateTime(recovery.askedAt, viewer.person.zone, language),
            })}
          </p>
          <p>{recovery.reason}</p>
          <Row>
            {recovery.askedBy !== viewer.person.id && recovery.person !== viewer.person.id ? (
              <ButtonForm
                action={`/people/recovery/${recovery.id}/approve`}
                label={t('administration.recovery.approve')}
              />
            ) : (
              <Quiet>{t('administration.recovery.second')}</Quiet>
            )}
            <ButtonForm
              action={`/people/recovery/${recovery.id}/refuse`}
              label={t('administration.recovery.refuse')}
              plain
            />
          </Row>
        </Entry>
      ))}
    </Section>
  )
}

export interface PersonPageProps extends Outcome {
  visit: Visit
  person: Person
  offices: OfficeShown[]
  appointments: Appointment[]
  recoveries: Recovery[]
  hasSignedIn: boolean
  links?: ShownLink[]
}

export function PersonPage(props: PersonPageProps) {
  const { visit, person, offices, hasSignedIn, links, errors = {}, refusal } = props
  const { t } = visit
  const at = `/people/${person.id}`
  return (
    <AdministrationFrame visit={visit} title={person.name} room="people" refusal={refusal}>
      <PageHead form={t('administration.people.title')} title={person.name} lead={person.email} />
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {links && <LinksShown visit={visit} links={links} />}
      <Appointments {...props} />
      <Section title={t('administration.people.appoint')}>
        <Form action={`${at}/appointments`}>
          <Hidden name="id" value={newId()} />
          <Select
            name="role"
            label={t('entrance.person.role')}
            value={typed(visit, 'role')}
            placeholder={t('entrance.person.choose-role')}
            required
            options={roleIds.map((role) => ({ value: role, label: t(`auth.role.${role}`) }))}
            error={errors.role}
          />
          <OfficeAndDates visit={visit} offices={offices} errors={errors} />
          <Button label={t('administration.people.appoint')} plain />
        </Form>
      </Section>
      <Section title={t('administration.recovery.title')}>
        {hasSignedIn ? (
          <AskRecovery {...props} />
        ) : (
          <>
            <p>{t('administration.people.never-signed-in')}</p>
            <ButtonForm action={`${at}/link`} fields={{ id: newId() }} label={t('entrance.links.renew')} plain />
          </>
        )}
      </Section>
      <Section title={t('administration.people.end')}>
        <Details summary={t('administration.people.end-about')}>
          <ButtonForm action={`${at}/end`} label={t('administration.people.end-now', { name: person.name })} danger />
        </Details>
      </Section>
      <LinkButton href="/people" label={t('common.back')} plain />
    </AdministrationFrame>
  )
}

function Appointments({ visit: { t, language, viewer }, person, offices, appointments }: PersonPageProps) {
  const officeName = (id: string) => nameIn(offices.find((office) => office.id === id)?.name ?? {}, language, id)
  return (
    <Section title={t('administration.people.appointments')}>
      {appointments.length === 0 && <Quiet>{t('administration.people.no-role')}</Quiet>}
      {appointments.map((one) => (
        <Row key={one.id}>
          <span>
            {t(one.acting ? 'administration.people.acting-as' : 'administration.people.serves-as', {
              role: t(`auth.role.${one.role}`),
              office: officeName(one.office),
            })}{' '}
            {t(one.untilAt === undefined ? 'administration.people.since' : 'administration.people.between', {
              from: formatDate(one.fromAt, viewer.person.zone, language),
              until: one.untilAt === undefined ? '' : formatDate(one.untilAt, viewer.person.zone, language),
            })}
          </span>
          <ButtonForm
            action={`/people/${person.id}/appointments/end`}
            fields={{ appointment: one.id }}
            label={t('administration.people.end-appointment')}
            plain
          />
        </Row>
      ))}
    </Section>
  )
}

function AskRecovery({ visit, person, recoveries, errors = {} }: PersonPageProps) {
  const { t, viewer } = visit
  if (person.id === viewer.person.id) return <Quiet>{t('refusal.recovery-own')}</Quiet>
  if (recoveries.some((recovery) => recovery.state === 'waiting')) {
    return (
      <p>
        {t('administration.recovery.is-waiting')} <a href="/people#recoveries">{t('administration.recovery.see')}</a>
      </p>
    )
  }
  return (
    <>
      <p>{t('administration.recovery.about')}</p>
      <Form action={`/people/${person.id}/recovery`}>
        <Hidden name="id" value={newId()} />
        <Field
          name="reason"
          label={t('administration.recovery.reason')}
          hint={t('administration.recovery.reason-hint')}
          maxlength={500}
          required
          value={typed(visit, 'reason')}
          error={errors.reason}
        />
        <Button label={t('administration.recovery.ask')} plain />
      </Form>
    </>
  )
}
