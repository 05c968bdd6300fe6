import type { Visit } from '../../../core/module/types.ts'
import { formatDateTime, languageName, languages } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  ErrorSummary,
  Field,
  Form,
  LinkButton,
  PageHead,
  Pairs,
  Quiet,
  RadioGroup,
  Row,
  Section,
  Select,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { nameIn } from '../name-in.ts'
import { fieldLabels } from '../field-labels.ts'

export interface AccountPageProps {
  visit: Visit
  passkeys: { id: string; label: string; addedAt: number; usedAt?: number }[]
  hasCode: boolean
  errors: Record<string, string>
}

/** A person's own ways in, language, zone and the office they act for. */
export function AccountPage({ visit, passkeys, hasCode, errors }: AccountPageProps) {
  const { t, viewer, language } = visit
  const { person } = viewer
  const count = passkeys.length + (hasCode ? 1 : 0)
  return (
    <Framed visit={visit} title={t('entrance.account.title')}>
      <PageHead form={t('entrance.account.title')} title={person.name} lead={t('entrance.account.ways', { count })} />
      <ErrorSummary errors={errors} labels={fieldLabels(t)} />
      <Section title={t('entrance.account.sign-in-title')}>
        {passkeys.map((key) => (
          <Row key={key.id}>
            <span>
              {key.label}, {t('entrance.account.added', { time: formatDateTime(key.addedAt, person.zone, language) })}
            </span>
            <ButtonForm
              action="/account/passkey/remove"
              fields={{ key: key.id }}
              label={t('entrance.account.remove-passkey')}
              plain
            />
          </Row>
        ))}
        {hasCode && (
          <Row>
            <span>{t('entrance.account.codes')}</span>
            <ButtonForm action="/account/code/remove" label={t('entrance.account.remove-codes')} plain />
          </Row>
        )}
        <Row>
          <LinkButton href="/account/enrol" label={t('entrance.account.add-way')} />
          <LinkButton plain href="/paging" label={t('paging.own.title')} />
          <LinkButton plain href="/offline" label={t('offline.title')} />
        </Row>
      </Section>
      <Offices visit={visit} />
      <Section title={t('entrance.account.details-title')}>
        <Details visit={visit} errors={errors} />
      </Section>
    </Framed>
  )
}

function Offices({ visit: { t, viewer, language } }: { visit: Visit }) {
  return (
    <Section title={t('entrance.account.office-title')}>
      {viewer.offices.length === 0 && <Quiet>{t('entrance.account.no-office')}</Quiet>}
      {viewer.offices.length === 1 && <p>{nameIn(viewer.office.name, language, viewer.office.id)}</p>}
      {viewer.offices.length > 1 && (
        <Form action="/account/office">
          <RadioGroup
            name="office"
            label={t('entrance.account.office-label')}
            value={viewer.office.id}
            options={viewer.offices.map(({ id, name }) => ({ value: id, label: nameIn(name, language, id) }))}
          />
          <Button label={t('entrance.account.choose-office')} plain />
        </Form>
      )}
      <Pairs
        items={[
          {
            term: t('entrance.account.roles'),
            detail: viewer.roles.map((role) => t(`auth.role.${role}`)).join(' · ') || t('common.none'),
          },
        ]}
      />
    </Section>
  )
}

function Details({ visit: { t, viewer, values = {} }, errors }: { visit: Visit; errors: Record<string, string> }) {
  const typed = (name: 'language' | 'zone') => (typeof values[name] === 'string' ? values[name] : viewer.person[name])
  return (
    <Form action="/account/details">
      <Select
        name="language"
        label={t('common.language')}
        value={typed('language')}
        error={errors.language}
        options={languages().map((value) => ({ value, label: languageName(value) }))}
      />
      <Field
        name="zone"
        label={t('entrance.account.zone')}
        hint={t('entrance.account.zone-hint')}
        value={typed('zone')}
        maxlength={60}
        list={Intl.supportedValuesOf('timeZone')}
        error={errors.zone}
      />
      <Button label={t('common.save')} />
    </Form>
  )
}
