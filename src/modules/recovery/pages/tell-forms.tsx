import { newId } from '../../../protocol/index.ts'
import { Button, Details, Field, Form, Hidden, Section, Select, TextArea } from '../../../web/index.ts'
import { returnedTo } from '../../frame/index.ts'
import { precisions, tlpOptions } from '../../incidents/index.ts'
import { bases, states } from '../vocabulary.ts'
import { labelsOf } from './labels.ts'
import type { ServiceProps } from './service-props.ts'

type FieldOf = (name: string, otherwise?: string) => { name: string; label: string; value: string; error?: string }

function fieldsOf({ visit, returned }: ServiceProps, form: string): FieldOf {
  const back = returnedTo(returned, form)
  const labels = labelsOf(visit)
  return (name, otherwise = '') => ({
    name,
    label: labels[name] ?? name,
    value: back.value(name, otherwise),
    error: back.error(name),
  })
}

/** Who says so and on what, and how it is marked: under every report. */
function Source({ props, field }: { props: ServiceProps; field: FieldOf }) {
  const { visit, service } = props
  const { t, viewer } = visit
  return (
    <>
      <Field {...field('saidBy')} hint={t('recovery.field.saidBy-hint')} required maxlength={200} width="long" />
      <Select
        {...field('basis')}
        required
        placeholder={t('incidents.write.choose')}
        options={bases.map((one) => ({ value: one, label: t(`recovery.basis.${one}`) }))}
      />
      <TextArea {...field('note')} rows={2} required={false} maxlength={2_000} />
      <Select {...field('tlp', service.tlp)} options={tlpOptions(t, viewer.ceiling)} />
    </>
  )
}

/** How it stands, since when. */
export function StateForm(props: ServiceProps) {
  const { visit, loaded, service } = props
  const { t } = visit
  const field = fieldsOf(props, 'states')
  return (
    <Section title={t('recovery.tell.state')} id="tell">
      <Form action={`/incidents/${loaded.incident.id}/recovery/states`} label={t('recovery.tell.state')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="service" value={service.id} />
        <Select
          {...field('state')}
          required
          placeholder={t('incidents.write.choose')}
          options={states.map((one) => ({ value: one, label: t(`recovery.state.${one}`) }))}
        />
        <Select
          {...field('precision', 'minute')}
          options={precisions.map((one) => ({ value: one, label: t(`particulars.precision.${one}`) }))}
        />
        <Field
          {...field('when')}
          hint={t('particulars.field.when-hint')}
          required={false}
          maxlength={16}
          width="medium"
        />
        <Zone {...props} form="states" />
        <Field
          {...field('dataAsOf')}
          hint={t('recovery.field.dataAsOf-hint')}
          required={false}
          maxlength={16}
          width="medium"
        />
        <Source props={props} field={field} />
        <Button label={t('recovery.tell.state')} />
      </Form>
    </Section>
  )
}

function Zone(props: ServiceProps & { form: string }) {
  const { t } = props.visit
  return (
    <Field
      {...fieldsOf(props, props.form)('zone', props.visit.viewer.person.zone)}
      hint={t('particulars.field.zone-hint')}
      required
      maxlength={60}
      width="medium"
    />
  )
}

/** When it is expected by those who answer for it; an empty time says that they cannot say. */
export function ForecastForm(props: ServiceProps) {
  const { visit, loaded, service } = props
  const { t } = visit
  const field = fieldsOf(props, 'forecasts')
  return (
    <Section title={t('recovery.tell.forecast')} id="expect">
      <Form action={`/incidents/${loaded.incident.id}/recovery/forecasts`} label={t('recovery.tell.forecast')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="service" value={service.id} />
        <Field
          {...field('expected')}
          hint={t('recovery.field.expected-hint')}
          required={false}
          maxlength={16}
          width="medium"
        />
        <Zone {...props} form="forecasts" />
        <Source props={props} field={field} />
        <Button label={t('recovery.tell.forecast')} />
      </Form>
    </Section>
  )
}

/** Strikes one report, with the reason. */
export function StrikeForm(props: ServiceProps & { report: string }) {
  const { visit, loaded, service, returned, report } = props
  const { t } = visit
  const isMine = returned?.form === 'struck' && returned.values.report === report
  const back = returnedTo(isMine ? returned : undefined, 'struck')
  return (
    <Details summary={t('recovery.tell.strike')} open={isMine}>
      <Form action={`/incidents/${loaded.incident.id}/recovery/struck`} label={t('recovery.tell.strike')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="service" value={service.id} />
        <Hidden name="report" value={report} />
        <Field
          name="why"
          label={t('recovery.field.why')}
          value={back.value('why')}
          error={back.error('why')}
          required
          maxlength={200}
          width="long"
        />
        <Button plain label={t('recovery.tell.strike')} />
      </Form>
    </Details>
  )
}

export function OffForm(props: ServiceProps) {
  const { visit, loaded, service, returned } = props
  const { t } = visit
  const field = fieldsOf(props, 'off')
  return (
    <Details summary={t('recovery.tell.off')} open={returned?.form === 'off'}>
      <Form action={`/incidents/${loaded.incident.id}/recovery/off`} label={t('recovery.tell.off')}>
        <Hidden name="id" value={newId()} />
        <Hidden name="service" value={service.id} />
        <Hidden name="seen" value={service.at} />
        <Field {...field('why')} required maxlength={200} width="long" />
        <Button plain label={t('recovery.tell.off')} />
      </Form>
    </Details>
  )
}
