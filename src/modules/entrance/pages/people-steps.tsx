import type { House, IssuedLink, Office } from '../../../core/auth/index.ts'
import { roleIds } from '../../../core/auth/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime, languageName, languages } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  LinkButton,
  Paper,
  Quiet,
  RadioGroup,
  Section,
  Select,
} from '../../../web/index.ts'
import { nameIn } from '../name-in.ts'
import type { PageTest } from '../set-up/page-test.ts'
import { type StepProps, typed } from './foundation-pages.tsx'
import { SetUpFrame } from './set-up-frame.tsx'
import { fieldLabels } from '../field-labels.ts'

export interface ShownLink {
  name: string
  /** Absent when it was shown before. */
  link?: IssuedLink
}

/** Links that are on this page once and nowhere else. */
export function LinksShown({ visit: { t, language, viewer }, links }: { visit: Visit; links: ShownLink[] }) {
  return (
    <Section title={t('entrance.links.title')}>
      <p>{t('entrance.links.about')}</p>
      {links.map(({ name, link }) => (
        <Paper key={name}>
          <h3>{name}</h3>
          {link ? (
            <>
              <p class="reg" dir="ltr">
                <a class="sign-in-link" href={link.url}>
                  {link.url}
                </a>
              </p>
              <p>{t('entrance.links.until', { time: formatDateTime(link.expiresAt, viewer.person.zone, language) })}</p>
            </>
          ) : (
            <p>{t('entrance.links.shown')}</p>
          )}
        </Paper>
      ))}
    </Section>
  )
}

/** Fields of one new person; `suffix` tells several on one form apart. */
export function PersonFields({
  visit,
  errors,
  suffix = '',
  roles,
  roleRequired,
}: {
  visit: Visit
  errors: Record<string, string>
  suffix?: string
  roles: readonly string[]
  roleRequired?: boolean
}) {
  const { t } = visit
  const field = (name: string) => `${name}${suffix}`
  const roleOptions = roles.map((role) => ({ value: role, label: t(`auth.role.${role}`) }))
  return (
    <>
      <Hidden name={field('id')} value={typed(visit, field('id'), newId())} />
      <Field
        name={field('name')}
        label={t('entrance.person.name')}
        maxlength={200}
        required
        autocomplete="off"
        value={typed(visit, field('name'))}
        error={errors[field('name')]}
      />
      <Field
        name={field('email')}
        label={t('entrance.person.email')}
        type="email"
        maxlength={254}
        required={false}
        autocomplete="off"
        value={typed(visit, field('email'))}
        error={errors[field('email')]}
      />
      <Select
        name={field('language')}
        label={t('common.language')}
        value={typed(visit, field('language'), visit.language)}
        options={languages().map((value) => ({ value, label: languageName(value) }))}
        error={errors[field('language')]}
      />
      <Field
        name={field('zone')}
        label={t('entrance.account.zone')}
        maxlength={60}
        value={typed(visit, field('zone'), 'UTC')}
        list={Intl.supportedValuesOf('timeZone')}
        error={errors[field('zone')]}
      />
      <Select
        name={field('role')}
        label={t('entrance.person.role')}
        value={typed(visit, field('role'))}
        required={roleRequired}
        options={roleOptions}
        placeholder={roleRequired ? t('entrance.person.choose-role') : t('entrance.person.no-role')}
        error={errors[field('role')]}
      />
    </>
  )
}

export const secondRoles = ['analyst', 'drafter', 'duty-officer'] as const

export function AdministratorsPage({
  visit,
  progress,
  errors,
  refusal,
  links,
  people,
}: StepProps & { links?: ShownLink[]; people: { id: string; name: string }[] }) {
  const { t } = visit
  return (
    <SetUpFrame visit={visit} step="administrators" party={progress.address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {links && <LinksShown visit={visit} links={links} />}
      {!progress.administrators && (
        <Form action="/set-up/administrators">
          {['-1', '-2'].map((suffix, index) => (
            <fieldset class="field" key={suffix}>
              <legend>{t('entrance.set-up.administrators.person', { number: index + 1 })}</legend>
              <PersonFields visit={visit} errors={errors} suffix={suffix} roles={secondRoles} />
            </fieldset>
          ))}
          <Button label={t('entrance.set-up.administrators.appoint')} />
        </Form>
      )}
      {progress.administrators && !links && <Renewal visit={visit} people={people} back="administrators" />}
      {progress.administrators && <LinkButton href="/set-up/duty-desk" label={t('common.next')} />}
    </SetUpFrame>
  )
}

/** People whose first link is unused may be given another. */
function Renewal({
  visit: { t },
  people,
  back,
}: {
  visit: Visit
  people: { id: string; name: string }[]
  back: string
}) {
  return (
    <>
      {people.map(({ id, name }) => (
        <div class="row" key={id}>
          <span>{name}</span>
          <ButtonForm action="/set-up/link" fields={{ person: id, back }} label={t('entrance.links.renew')} plain />
        </div>
      ))}
    </>
  )
}

export interface DutyDeskProps extends StepProps {
  office?: Office
  house: House
  people: { id: string; name: string }[]
  tests: PageTest[]
  links?: ShownLink[]
}

export function DutyDeskPage({ visit, progress, errors, refusal, office, house, people, tests, links }: DutyDeskProps) {
  const { t } = visit
  return (
    <SetUpFrame visit={visit} step="duty-desk" party={progress.address?.party} refusal={refusal}>
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {links && <LinksShown visit={visit} links={links} />}
      <Section title={t('entrance.set-up.duty-desk.desk')}>
        <Form action="/set-up/duty-desk">
          {languages().map((language) => (
            <Field
              key={language}
              name={`name-${language}`}
              language={language}
              maxlength={200}
              error={errors[`name-${language}`]}
              label={t('entrance.set-up.duty-desk.name-in', { language: languageName(language) })}
              value={typed(visit, `name-${language}`, office?.name[language])}
            />
          ))}
          <RadioGroup
            name="hours"
            label={t('entrance.set-up.duty-desk.hours')}
            value={typed(visit, 'hours', house.hours)}
            error={errors.hours}
            options={(['always', 'office'] as const).map((value) => ({ value, label: t(`entrance.hours.${value}`) }))}
          />
          <Field
            name="deputy"
            label={t('entrance.set-up.duty-desk.deputy')}
            maxlength={200}
            value={typed(visit, 'deputy', house.deputy)}
            error={errors.deputy}
            required
          />
          <Field
            name="telephone"
            type="tel"
            label={t('entrance.set-up.duty-desk.telephone')}
            maxlength={40}
            value={typed(visit, 'telephone', house.publicTelephone)}
            error={errors.telephone}
            required
          />
          <Button label={t('common.save')} plain={office !== undefined} />
        </Form>
      </Section>
      {office && (
        <Section
          title={t('entrance.set-up.duty-desk.people', { office: nameIn(office.name, visit.language, office.id) })}
        >
          <Renewal visit={visit} people={people} back="duty-desk" />
          <Form action="/set-up/duty-desk/people">
            <PersonFields
              visit={visit}
              errors={errors}
              roles={roleIds.filter((role) => role !== 'administrator')}
              roleRequired
            />
            <Button label={t('entrance.set-up.duty-desk.add')} plain={people.length > 0} />
          </Form>
        </Section>
      )}
      {people.length > 0 && <PageTests visit={visit} people={people} tests={tests} />}
      {office && <LinkButton href="/set-up/mail" label={t('common.next')} plain={tests.length === 0} />}
    </SetUpFrame>
  )
}

function PageTests({ visit, people, tests }: Pick<DutyDeskProps, 'visit' | 'people' | 'tests'>) {
  const { t, language } = visit
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id
  return (
    <Section title={t('entrance.page-test.title')}>
      <p>{t('entrance.page-test.about')}</p>
      {tests.map((test) => (
        <p key={test.id}>
          {test.acknowledgedAt === undefined
            ? t('entrance.page-test.waiting', {
                name: nameOf(test.person),
                time: formatDateTime(test.sentAt, 'UTC', language),
              })
            : t('entrance.page-test.acknowledged', {
                name: nameOf(test.person),
                time: formatDateTime(test.acknowledgedAt, 'UTC', language),
              })}
        </p>
      ))}
      {tests.some((test) => test.acknowledgedAt === undefined) && (
        <p>
          <a href="/set-up/duty-desk">{t('entrance.page-test.look-again')}</a>
        </p>
      )}
      <Form action="/set-up/duty-desk/page">
        <Hidden name="id" value={newId()} />
        <Select
          name="person"
          label={t('entrance.page-test.whom')}
          options={people.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Button label={t('entrance.page-test.send')} plain />
      </Form>
      <Quiet>{t('entrance.page-test.counts')}</Quiet>
    </Section>
  )
}
