import { covers, type PowerLine, roleIds } from '../../../core/auth/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { languageName, languages } from '../../../text/index.ts'
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
  PageHead,
  Pairs,
  Quiet,
  RadioGroup,
  Section,
  Select,
  Table,
} from '../../../web/index.ts'
import { fieldLabels, nameIn } from '../../entrance/index.ts'
import { AdministrationFrame, type Outcome, typed } from './administration-frame.tsx'
import type { OfficeShown, Person } from './people-pages.tsx'

export interface OfficesPageProps extends Outcome {
  visit: Visit
  offices: OfficeShown[]
  people: Person[]
}

export function OfficesPage({ visit, offices, people, errors = {}, refusal }: OfficesPageProps) {
  const { t, language } = visit
  return (
    <AdministrationFrame visit={visit} title={t('administration.offices.title')} room="offices" refusal={refusal}>
      <PageHead
        title={t('administration.offices.heading', { count: offices.length })}
        lead={t('administration.offices.lead')}
      />
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      {offices.map((office) => (
        <Entry
          key={office.id}
          margin={
            <Pairs
              items={[
                {
                  term: t('administration.offices.id'),
                  detail: (
                    <span class="reg" dir="ltr">
                      {office.id}
                    </span>
                  ),
                },
              ]}
            />
          }
        >
          <h2>
            <a href={`/powers#${office.id}`}>{nameIn(office.name, language, office.id)}</a>
          </h2>
          <p>
            {people
              .filter((person) => person.offices.some(({ id }) => id === office.id))
              .map((person) => person.name)
              .join(' · ') || t('administration.offices.nobody')}
          </p>
        </Entry>
      ))}
      <Section title={t('administration.offices.open')} id="open">
        <Form action="/offices">
          <Field
            name="office"
            label={t('administration.offices.id')}
            hint={t('administration.offices.id-hint')}
            maxlength={64}
            required
            value={typed(visit, 'office')}
            error={errors.office}
          />
          {languages().map((name) => (
            <Field
              key={name}
              name={`name-${name}`}
              language={name}
              label={t('entrance.set-up.duty-desk.name-in', { language: languageName(name) })}
              maxlength={200}
              value={typed(visit, `name-${name}`)}
              error={errors[`name-${name}`]}
            />
          ))}
          <Button label={t('administration.offices.open-now')} />
        </Form>
      </Section>
    </AdministrationFrame>
  )
}

export interface PowersPageProps extends OfficesPageProps {
  /** One person may release alone in an emergency. */
  allowsEmergency: boolean
  powers: PowerLine[]
}

const acknowledging = 'channels.note-acknowledged'
const sendingNotes = 'channels.note-sent'
const verbs = ['draft', 'release', 'send', 'manage'] as const

/** Per office: who alone may acknowledge, who needs a second person; then the whole table. */
export function PowersPage({ visit, offices, people, powers, allowsEmergency, errors = {}, refusal }: PowersPageProps) {
  const { t, language } = visit
  return (
    <AdministrationFrame visit={visit} title={t('administration.powers.title')} room="powers" refusal={refusal}>
      <PageHead title={t('administration.powers.heading')} lead={t('administration.powers.lead')} />
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      <Section title={t('administration.powers.emergency')} id="emergency">
        <p>{t('administration.powers.emergency-means')}</p>
        <Form action="/powers/emergency">
          <Checkbox
            name="allowed"
            value="yes"
            label={t('administration.powers.emergency-allowed')}
            checked={allowsEmergency}
          />
          <Button label={t('administration.classification.save')} plain />
        </Form>
      </Section>
      {offices.map((office) => {
        const lines = powers.filter((line) => line.office === office.id)
        const staff = people.filter((person) => person.offices.some(({ id }) => id === office.id))
        return (
          <Section key={office.id} id={office.id} title={nameIn(office.name, language, office.id)}>
            <InWords visit={visit} lines={lines} staff={staff} />
            <Details
              summary={t('administration.powers.table', { count: lines.length })}
              open={typed(visit, 'office') === office.id}
            >
              <PowersTable visit={visit} office={office} lines={lines} />
              <Give visit={visit} office={office} errors={errors} />
            </Details>
          </Section>
        )
      })}
    </AdministrationFrame>
  )
}

function InWords({ visit: { t }, lines, staff }: { visit: Visit; lines: PowerLine[]; staff: Person[] }) {
  const holders = (subject: string, verb: PowerLine['verb'], second?: boolean) =>
    staff
      .filter((person) =>
        lines.some(
          (line) =>
            line.verb === verb &&
            covers(line.subject, subject) &&
            person.roles.includes(line.role) &&
            (second === undefined || line.secondPerson === second),
        ),
      )
      .map((person) => person.name)
      .join(' · ') || t('common.none')
  return (
    <Pairs
      items={[
        { term: t('administration.powers.acknowledge-alone'), detail: holders(acknowledging, 'send', false) },
        { term: t('administration.powers.acknowledge-second'), detail: holders(acknowledging, 'send', true) },
        { term: t('administration.powers.draft-notes'), detail: holders(sendingNotes, 'draft') },
        { term: t('administration.powers.release-notes'), detail: holders(sendingNotes, 'release') },
      ]}
    />
  )
}

function PowersTable({ visit: { t }, office, lines }: { visit: Visit; office: OfficeShown; lines: PowerLine[] }) {
  return (
    <Table
      caption={t('administration.powers.caption')}
      head={[
        t('entrance.person.role'),
        t('administration.powers.may'),
        t('administration.powers.subject'),
        t('administration.powers.second'),
        t('administration.powers.change'),
      ]}
      rows={lines.map((line) => [
        t(`auth.role.${line.role}`),
        t(`auth.verb.${line.verb}`),
        <code dir="ltr">{line.subject}</code>,
        t(line.secondPerson ? 'common.yes' : 'common.no'),
        <ButtonForm
          action="/powers/take"
          fields={{ office: office.id, role: line.role, subject: line.subject, verb: line.verb }}
          label={t('administration.powers.take')}
          plain
        />,
      ])}
    />
  )
}

function Give({ visit, office, errors }: { visit: Visit; office: OfficeShown; errors: Record<string, string> }) {
  const { t } = visit
  const own = typed(visit, 'office') === office.id ? errors : {}
  return (
    <Form action="/powers/give" label={t('administration.powers.give')} scope={office.id}>
      <Hidden name="office" value={office.id} />
      <Select
        name="role"
        label={t('entrance.person.role')}
        options={roleIds.map((role) => ({ value: role, label: t(`auth.role.${role}`) }))}
        error={own.role}
      />
      <RadioGroup
        name="verb"
        label={t('administration.powers.may')}
        error={own.verb}
        options={verbs.map((verb) => ({ value: verb, label: t(`auth.verb.${verb}`) }))}
      />
      <Field
        name="subject"
        label={t('administration.powers.subject')}
        hint={t('administration.powers.subject-hint')}
        maxlength={100}
        required
        error={own.subject}
      />
      <Checkbox name="secondPerson" label={t('administration.powers.second-needed')} />
      <Button label={t('administration.powers.give')} plain />
      <Quiet>{t('administration.powers.two-person-always')}</Quiet>
    </Form>
  )
}
