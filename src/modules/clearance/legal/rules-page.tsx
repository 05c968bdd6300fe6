import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate } from '../../../text/index.ts'
import {
  Button,
  ButtonForm,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Quiet,
  Row,
  Section,
  Select,
  Table,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { kindText } from './kind-text.ts'
import { type Kind, kindsOfDocuments, type Rule } from './rules.ts'

export const kindValue = ({ type, form }: Kind): string => (form === undefined ? type : `${type}:${form}`)

/** For which documents this house wants a legal clearance, from when to when. */
export function RulesPage({
  visit,
  rules,
  who,
  errors = {},
}: {
  visit: Visit<any>
  rules: readonly Rule[]
  who: readonly string[]
  errors?: Record<string, string>
}) {
  const { t, language, values = {}, services } = visit
  const title = t('legal.rules.title')
  const day = (date: string | null) =>
    date === null ? t('legal.rules.open-ended') : formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', language)
  const typed = (name: string) => (typeof values[name] === 'string' ? String(values[name]) : '')
  const today = new Date(services.clock.now()).toISOString().slice(0, 10)
  return (
    <Framed visit={visit} title={title} current="/people">
      <PageHead title={title} lead={t('legal.rules.lead')} />
      <p>{who.length > 0 ? t('legal.rules.who', { people: who.join(', ') }) : t('legal.rules.nobody')}</p>
      <ErrorSummary
        errors={errors}
        labels={{ kind: t('legal.rules.kind'), from: t('legal.rules.from'), until: t('legal.rules.until') }}
      />
      {rules.length === 0 ? (
        <Quiet>{t('legal.rules.none')}</Quiet>
      ) : (
        <Table
          caption={title}
          quietCaption
          head={['kind', 'from', 'until', 'set-by', 'end'].map((name) => t(`legal.rules.${name}`))}
          rows={rules.map((rule) => [
            kindText(visit, rule),
            day(rule.from_day),
            day(rule.until_day),
            <bdi>{rule.set_by_name}</bdi>,
            <ButtonForm plain action={`/legal-clearance/${rule.id}/end`} label={t('legal.rules.do-end')} />,
          ])}
        />
      )}
      <Section title={t('legal.rules.add')}>
        <Form action="/legal-clearance" label={t('legal.rules.add')}>
          <Hidden name="id" value={newId()} />
          <Select
            name="kind"
            label={t('legal.rules.kind')}
            value={typed('kind')}
            error={errors.kind}
            options={kindsOfDocuments(services).map((one) => ({ value: kindValue(one), label: kindText(visit, one) }))}
          />
          <Field
            name="from"
            type="date"
            width="medium"
            label={t('legal.rules.from')}
            value={typed('from') || today}
            error={errors.from}
            required
          />
          <Field
            name="until"
            type="date"
            width="medium"
            label={t('legal.rules.until')}
            value={typed('until')}
            error={errors.until}
            required={false}
          />
          <Row>
            <Button label={t('legal.rules.do-add')} />
          </Row>
        </Form>
      </Section>
      <p>
        <a href="/powers">{t('administration.powers.title')}</a>
      </p>
    </Framed>
  )
}
