import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  ButtonForm,
  Entry,
  ErrorSummary,
  Field,
  Form,
  Hidden,
  PageHead,
  Quiet,
  Section,
  TextArea,
  Time,
} from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import { glassHref, type GlassRequest } from './break-glass.ts'

interface Props {
  visit: Visit
  requests: readonly (GlassRequest & { name: string })[]
  /** References of incidents that nobody here can read and name a lead for. */
  unreachable: readonly string[]
  values: Record<string, unknown>
  errors: Record<string, string>
}

/** Two persons open an incident they were not named for, in an emergency; its lead is told. */
export function GlassPage({ visit, requests, unreachable, values, errors }: Props) {
  const { t, viewer, language } = visit
  const value = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : '')
  const labels = { askedFor: t('need-to-know.glass.asked-for'), why: t('need-to-know.glass.why') }
  return (
    <Framed visit={visit} title={t('need-to-know.glass.title')} current="/incidents">
      <PageHead title={t('need-to-know.glass.title')} lead={t('need-to-know.glass.lead')} />
      <ErrorSummary errors={errors} labels={labels} />
      <Section title={t('need-to-know.glass.waiting')} id="waiting">
        {requests.length === 0 && <Quiet>{t('need-to-know.glass.none')}</Quiet>}
        {requests.map((one) => (
          <Entry
            key={one.id}
            margin={
              <>
                <p>
                  <bdi>{one.name}</bdi>
                </p>
                <p>
                  <Time ms={one.askedAt} zone={viewer.person.zone} language={language} short />
                </p>
              </>
            }
          >
            <h3 dir="auto">{one.askedFor}</h3>
            <p dir="auto">{one.why}</p>
            {one.askedBy !== viewer.person.id && (
              <ButtonForm action={`/incidents/break-glass/${one.id}/agree`} label={t('need-to-know.glass.agree')} />
            )}
            <ButtonForm
              plain
              action={`/incidents/break-glass/${one.id}/refuse`}
              label={t('need-to-know.glass.refuse')}
            />
          </Entry>
        ))}
      </Section>
      {unreachable.length > 0 && (
        <Section title={t('need-to-know.unreachable.title')} id="unreachable">
          <Quiet>{t('need-to-know.unreachable.explained')}</Quiet>
          <ul>
            {unreachable.map((reference) => (
              <li key={reference}>
                <a href={glassHref(reference)}>{t('need-to-know.unreachable.ask', { reference })}</a>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title={t('need-to-know.glass.ask')} id="ask">
        <Form action="/incidents/break-glass" label={t('need-to-know.glass.ask')}>
          <Hidden name="id" value={newId()} />
          <Field
            name="askedFor"
            label={labels.askedFor}
            hint={t('need-to-know.glass.asked-for-hint')}
            value={value('askedFor') || (visit.query.get('for') ?? '').slice(0, 60)}
            error={errors.askedFor}
            required
            maxlength={60}
          />
          <TextArea
            name="why"
            label={labels.why}
            rows={3}
            value={value('why')}
            error={errors.why}
            required
            maxlength={600}
          />
          <Button label={t('need-to-know.glass.ask')} />
        </Form>
      </Section>
    </Framed>
  )
}
