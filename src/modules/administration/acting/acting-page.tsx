import type { Delegation } from '../../../core/auth/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDateTime, languageName, languages } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
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
} from '../../../web/index.ts'
import { nameIn } from '../../entrance/index.ts'
import { AdministrationFrame, type Outcome, typed } from '../pages/administration-frame.tsx'
import type { OfficeShown, Person } from '../pages/people-pages.tsx'

interface Props extends Outcome {
  visit: Visit<any>
  delegations: readonly Delegation[]
  people: readonly Person[]
  offices: readonly OfficeShown[]
}

/** Who acts for whom, by which instrument and until when; and the form to let somebody. */
export function ActingPage({ visit, delegations, people, offices, errors = {}, refusal }: Props) {
  const { t, viewer } = visit
  const mayGrant = viewer.may('delegations:manage')
  return (
    <AdministrationFrame visit={visit} title={t('acting.title')} room="acting" refusal={refusal}>
      <PageHead title={t('acting.title')} lead={t('acting.lead')} />
      <ErrorSummary errors={errors} />
      {delegations.length === 0 && <Quiet>{t('acting.none')}</Quiet>}
      {delegations.map((one) => (
        <OneDelegation key={one.id} visit={visit} one={one} offices={offices} mayRevoke={mayGrant} />
      ))}
      {mayGrant && <GrantForm {...{ visit, people, offices, errors }} />}
    </AdministrationFrame>
  )
}

function labelOf({ t }: Visit<any>, name: string): string {
  const [what = '', language] = name.split('-')
  return language === undefined ? t(`acting.${what}`) : t(`acting.${what}-style`, { language: languageName(language) })
}

function OneDelegation({
  visit,
  one,
  offices,
  mayRevoke,
}: {
  visit: Visit<any>
  one: Delegation
  offices: readonly OfficeShown[]
  mayRevoke: boolean
}) {
  const { t, language, viewer, services } = visit
  const when = (ms: number) => formatDateTime(ms, viewer.person.zone, language)
  const office = offices.find(({ id }) => id === one.office)
  const isOver = one.revoked_at !== null || one.until_at <= services.clock.now()
  return (
    <Entry
      id={one.id}
      margin={
        <Pairs
          items={[
            { term: t('acting.from'), detail: when(one.from_at) },
            { term: t('acting.until'), detail: when(one.until_at) },
            { term: t('acting.instrument'), detail: <bdi>{one.instrument}</bdi> },
          ]}
        />
      }
    >
      <h2>
        {t(one.principalName === undefined ? 'acting.for-office' : 'acting.for-person', {
          person: one.delegateName,
          principal: one.principalName ?? '',
          office: office ? nameIn(office.name, language, one.office) : one.office,
        })}
      </h2>
      <p>{t(one.isInForce ? 'acting.in-force' : isOver ? 'acting.ended' : 'acting.not-yet')}</p>
      {Object.entries(one.styles).map(([name, { principal, own }]) => (
        <p key={name} lang={name} dir="auto">
          {[principal, own].filter(Boolean).join(' · ')}
        </p>
      ))}
      <p class="small">
        {t('acting.granted', { person: one.granted_by_name, time: when(one.granted_at) })}{' '}
        {one.revoked_at !== null &&
          t('acting.revoked', { person: one.revoked_by_name ?? '', time: when(one.revoked_at) })}
      </p>
      {mayRevoke && !isOver && <ButtonForm danger action={`/acting/${one.id}/revoke`} label={t('acting.do-revoke')} />}
    </Entry>
  )
}

function GrantForm({
  visit,
  people,
  offices,
  errors,
}: Pick<Props, 'visit' | 'people' | 'offices'> & { errors: Record<string, string> }) {
  const { t, language } = visit
  const persons = people.map(({ id, name }) => ({ value: id, label: name }))
  const field = (name: string) => ({
    name,
    value: typed(visit, name),
    error: errors[name],
    label: labelOf(visit, name),
  })
  return (
    <Section title={t('acting.add')} id="add">
      <Form action="/acting" label={t('acting.add')}>
        <Hidden name="id" value={newId()} />
        <Select {...field('delegate')} options={persons} />
        <Select
          {...field('office')}
          options={offices.map(({ id, name }) => ({ value: id, label: nameIn(name, language, id) }))}
        />
        <Select
          {...field('principal')}
          hint={t('acting.principal-hint')}
          options={[{ value: '', label: t('acting.office-itself') }, ...persons]}
        />
        <RadioGroup
          {...field('capacity')}
          value={typed(visit, 'capacity', 'for')}
          options={(['for', 'ad-interim'] as const).map((one) => ({ value: one, label: t(`acting.capacity-${one}`) }))}
        />
        {languages().map((name) => (
          <fieldset key={name}>
            <legend>{t('acting.styles-in', { language: languageName(name) })}</legend>
            <Field {...field(`principal-${name}`)} language={name} maxlength={300} required={false} />
            <Field {...field(`own-${name}`)} language={name} maxlength={300} required={false} />
          </fieldset>
        ))}
        <Field {...field('instrument')} hint={t('acting.instrument-hint')} maxlength={300} required />
        <Field {...field('from')} type="date" width="medium" required />
        <Field {...field('until')} type="date" width="medium" required />
        <Button label={t('acting.do')} />
        <Quiet>{t('acting.no-further')}</Quiet>
      </Form>
    </Section>
  )
}
