import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Field, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { returnedTo } from '../../frame/index.ts'
import { CompartmentChoice } from '../pages/parts.tsx'
import type { FactsPageProps } from './facts-page.tsx'
import { consents, type ParticularKind, particularKinds, sectors } from './particular.ts'
import { particularWords } from './particular-words.ts'
import { readCategories } from '../vocabularies/read-categories.ts'
import { precisions } from './when.ts'

interface Filling {
  visit: Visit
  kind: ParticularKind
  value: (name: string, otherwise?: string) => string
  error: (name: string) => string | undefined
}

/** States one thing of an incident, or puts right what was stated. Nothing is filled in for anybody. */
export function ParticularForm({ visit, loaded, kind, corrects, returned }: FactsPageProps) {
  const { t } = visit
  const { incident, compartments } = loaded
  const back = returnedTo(returned, 'particulars')
  const before = earlier(corrects)
  const filling: Filling = {
    visit,
    kind,
    error: back.error,
    value: (name, otherwise = '') => back.value(name, before[name] ?? otherwise),
  }
  const { value, error } = filling
  const title = t(corrects ? 'particulars.put-right' : 'particulars.state', { kind: t(`particulars.kind.${kind}`) })
  return (
    <Section title={title} id="state">
      {!corrects && (
        <p>
          {particularKinds.map((one) => (
            <>
              <a
                href={`/incidents/${incident.id}/particulars?kind=${one}#state`}
                aria-current={one === kind ? 'true' : undefined}
              >
                {t(`particulars.kind.${one}`)}
              </a>{' '}
            </>
          ))}
        </p>
      )}
      <Form action={`/incidents/${incident.id}/particulars`} label={title}>
        <Hidden name="id" value={newId()} />
        <Hidden name="kind" value={kind} />
        {corrects && <Hidden name="corrects" value={corrects.id} />}
        <OfKind {...filling} />
        <Field
          name="knownBy"
          label={t('particulars.field.known-by')}
          value={value('knownBy')}
          error={error('knownBy')}
          required
          maxlength={200}
        />
        <Field
          name="knownSince"
          type="date"
          label={t('particulars.field.known-since')}
          value={value('knownSince')}
          error={error('knownSince')}
          required={false}
        />
        <Select
          name="consent"
          label={t('particulars.field.consent')}
          value={value('consent', kind === 'victim' ? 'not-asked' : 'not-needed')}
          error={error('consent')}
          options={consents.map((one) => ({ value: one, label: t(`particulars.consent.${one}`) }))}
        />
        <Field
          name="embargo"
          type="date"
          label={t('particulars.field.embargo')}
          hint={t('particulars.field.embargo-hint')}
          value={value('embargo')}
          error={error('embargo')}
          required={false}
        />
        <CompartmentChoice
          visit={visit}
          compartments={compartments}
          value={value('compartment')}
          error={error('compartment')}
        />
        <Button label={t('particulars.save')} />
      </Form>
    </Section>
  )
}

/** What the statement said before, by the names of the fields. */
function earlier(corrects: FactsPageProps['corrects']): Record<string, string | undefined> {
  if (!corrects) return {}
  const { value, knownBy, knownSince, consent, embargo, compartment } = corrects
  const { words, code, when, currency, method } = value
  const [from, to] = [value.from, value.to].map((one) => one?.toString())
  const { precision, zone, local } = when ?? {}
  const own = { words, code, precision, zone, when: local, from, to, currency, method }
  return { ...own, knownBy, knownSince, consent, embargo, compartment }
}

function OfKind(filling: Filling) {
  const { kind, visit, value, error } = filling
  const { t } = visit
  if (kind === 'event') return <EventFields {...filling} />
  if (kind === 'damage') return <DamageFields {...filling} />
  if (kind === 'sector' || kind === 'category') {
    const codes = kind === 'sector' ? sectors : readCategories(visit.services).content.categories.map(({ id }) => id)
    return (
      <Select
        name="code"
        label={t(`particulars.kind.${kind}`)}
        value={value('code')}
        error={error('code')}
        required
        placeholder={t('incidents.write.choose')}
        options={codes.map((code) => ({ value: code, label: particularWords(visit, kind, { code }) }))}
      />
    )
  }
  if (kind === 'country')
    return (
      <>
        <Quiet small>{t('particulars.no-guess')}</Quiet>
        <Field
          name="code"
          label={t('particulars.field.country')}
          hint={t('particulars.field.country-hint')}
          value={value('code')}
          error={error('code')}
          required
          maxlength={2}
          width="short"
        />
      </>
    )
  return <Words {...filling} label={t(`particulars.kind.${kind}`)} />
}

function Words({ value, error, label }: Filling & { label: string }) {
  return (
    <TextArea
      name="words"
      label={label}
      rows={2}
      value={value('words')}
      error={error('words')}
      required
      maxlength={1000}
    />
  )
}

function EventFields(filling: Filling) {
  const { visit, value, error } = filling
  const { t, viewer } = visit
  return (
    <>
      <Words {...filling} label={t('particulars.field.event')} />
      <Select
        name="precision"
        label={t('particulars.field.precision')}
        value={value('precision', 'minute')}
        error={error('precision')}
        options={precisions.map((one) => ({ value: one, label: t(`particulars.precision.${one}`) }))}
      />
      <Field
        name="when"
        label={t('particulars.field.when')}
        hint={t('particulars.field.when-hint')}
        value={value('when')}
        error={error('when')}
        required={false}
        maxlength={16}
        width="medium"
      />
      <Field
        name="zone"
        label={t('particulars.field.zone')}
        hint={t('particulars.field.zone-hint')}
        value={value('zone', viewer.person.zone)}
        error={error('zone')}
        required
        maxlength={60}
        width="medium"
      />
    </>
  )
}

function DamageFields({ visit: { t }, value, error }: Filling) {
  const fields = ['from', 'to', 'currency', 'method'] as const
  return fields.map((name) => (
    <Field
      key={name}
      name={name}
      label={t(`particulars.field.${name}`)}
      value={value(name)}
      error={error(name)}
      required
      maxlength={name === 'currency' ? 3 : name === 'method' ? 300 : 20}
      inputmode={name === 'from' || name === 'to' ? 'decimal' : undefined}
      width={name === 'method' ? 'long' : 'short'}
    />
  ))
}

/** Names of the fields, for the summary of what needs correcting. */
export function particularLabels({ t }: Visit): Record<string, string> {
  const names = ['precision', 'when', 'zone', 'from', 'to', 'currency', 'method', 'consent', 'embargo', 'by', 'why']
  return {
    ...Object.fromEntries(names.map((name) => [name, t(`particulars.field.${name}`)])),
    words: t('particulars.field.words'),
    code: t('particulars.field.code'),
    knownBy: t('particulars.field.known-by'),
    knownSince: t('particulars.field.known-since'),
    compartment: t('need-to-know.of'),
  }
}
