import type { Visit } from '../../../core/module/types.ts'
import { languageName, languages } from '../../../text/index.ts'
import { CheckboxGroup, Field, LengthField, RadioGroup, Select, TextArea } from '../../../web/index.ts'
import { type PlanContent, type PlanPart, servicePriorities } from '../plan/content.ts'
import { keyOf, type Names } from '../plan/load-names.ts'
import { termUnits } from '../plan/plan-inputs.ts'
import { type Returned, returnedTo } from '../../frame/index.ts'

export interface ItemForm {
  visit: Visit
  content: PlanContent
  names: Names
  /** What stands now, as fields of the form. */
  kept: Record<string, string>
  item?: string
  spaces: { id: string; title: string }[]
  agreements: { hash: string; title: string }[]
  returned?: Returned
}

/** Fields of one item of a plan, by the list it stands in. */
export function ItemFields({ part, ...form }: ItemForm & { part: PlanPart }) {
  switch (part) {
    case 'roles':
      return <RoleFields {...form} />
    case 'steps':
      return <StepFields {...form} />
    case 'contacts':
      return <ContactFields {...form} />
    case 'texts':
      return <TextFields {...form} />
    case 'annexes':
      return <AnnexFields {...form} />
    case 'services':
      return <ServiceFields {...form} />
  }
}

/** What every field of these forms is given: its label, what was typed or stands, and what is wrong. */
function given({ visit: { t }, kept, returned }: ItemForm) {
  const { value, error } = returnedTo(returned, 'item')
  return (name: string, required = true) => ({
    name,
    label: t(`preparedness.field.${name}`),
    value: value(name, kept[name] ?? ''),
    error: error(name),
    required,
  })
}

function RoleFields(form: ItemForm) {
  const field = given(form)
  const placeholder = form.visit.t('incidents.write.choose')
  return (
    <>
      <Field {...field('title')} maxlength={200} width="long" />
      <Select {...field('who')} placeholder={placeholder} options={form.names.holders} />
      <Select
        {...field('deputy', false)}
        placeholder={form.visit.t('preparedness.nobody')}
        options={form.names.holders}
      />
    </>
  )
}

function StepFields(form: ItemForm) {
  const { visit, content, item } = form
  const { t } = visit
  const field = given(form)
  const { value, error } = returnedTo(form.returned, 'item')
  return (
    <>
      <Field {...field('title')} maxlength={200} width="long" />
      <TextArea {...field('words', false)} rows={3} maxlength={2000} />
      <Select
        {...field('role')}
        placeholder={t('incidents.write.choose')}
        options={content.roles.map(({ id, title }) => ({ value: id, label: title }))}
      />
      <Field
        {...field('within', false)}
        hint={t('preparedness.hint.within')}
        inputmode="numeric"
        width="short"
        maxlength={6}
      />
      <RadioGroup
        name="unit"
        label={t('preparedness.field.unit')}
        value={value('unit', form.kept.unit ?? 'minutes')}
        error={error('unit')}
        required
        options={termUnits.map((one) => ({ value: one, label: t(`preparedness.unit.${one}`) }))}
      />
      <Select
        {...field('after', false)}
        hint={t('preparedness.hint.after')}
        placeholder={t('preparedness.from-start')}
        options={content.steps.filter(({ id }) => id !== item).map(({ id, title }) => ({ value: id, label: title }))}
      />
      <RadioGroup
        name="counts"
        label={t('preparedness.field.counts')}
        value={value('counts', form.kept.counts ?? 'due')}
        error={error('counts')}
        required
        options={(['due', 'done'] as const).map((one) => ({ value: one, label: t(`preparedness.counts.${one}`) }))}
      />
      <Field {...field('place', false)} inputmode="numeric" width="short" maxlength={3} />
      <AnnexChoice {...form} />
    </>
  )
}

function ContactFields(form: ItemForm) {
  const { visit, names } = form
  const { t, services, language } = visit
  const field = given(form)
  return (
    <>
      <Select
        {...field('contact')}
        hint={t('preparedness.hint.contact')}
        placeholder={t('incidents.write.choose')}
        options={names.contacts.map((one) => ({
          value: keyOf(one),
          label: [services.nameOf(one.party, language), t(`directory.kind.${one.kind}`), one.text?.post]
            .filter(Boolean)
            .join(' · '),
        }))}
      />
      <Field {...field('why', false)} maxlength={300} width="long" />
      <AnnexChoice {...form} />
    </>
  )
}

function TextFields(form: ItemForm) {
  const { t } = form.visit
  const field = given(form)
  return (
    <>
      <Field {...field('title')} hint={t('preparedness.hint.title')} maxlength={200} width="long" />
      <Select {...field('language')} options={languages().map((one) => ({ value: one, label: languageName(one) }))} />
      <TextArea {...field('words')} rows={8} maxlength={8000} />
      <Field {...field('validUntil')} hint={t('preparedness.hint.validUntil')} type="date" width="medium" />
      <AnnexChoice {...form} />
    </>
  )
}

function AnnexFields(form: ItemForm) {
  const { t } = form.visit
  const field = given(form)
  return (
    <>
      <Field {...field('party')} hint={t('preparedness.hint.party')} maxlength={100} width="medium" />
      <Select
        {...field('space', false)}
        placeholder={t('preparedness.no-space')}
        options={form.spaces.map(({ id, title }) => ({ value: id, label: title }))}
      />
      <TextArea {...field('agreed')} rows={4} maxlength={4000} />
      <Select
        {...field('agreement', false)}
        hint={t('preparedness.hint.agreement')}
        placeholder={t('preparedness.no-agreement')}
        options={form.agreements.map(({ hash, title }) => ({ value: hash, label: title }))}
      />
    </>
  )
}

function ServiceFields(form: ItemForm) {
  const { visit, content, names, item, kept, returned } = form
  const { t } = visit
  const field = given(form)
  const { value, values, error } = returnedTo(returned, 'item')
  const others = content.services.filter(({ id }) => id !== item)
  return (
    <>
      <Field {...field('name')} maxlength={200} width="long" />
      <Select
        {...field('owner')}
        hint={t('recovery.field.owner-hint')}
        placeholder={t('incidents.write.choose')}
        options={names.holders}
      />
      <Field {...field('operator', false)} maxlength={200} width="long" />
      <Select
        {...field('priority')}
        placeholder={t('incidents.write.choose')}
        options={servicePriorities.map((one) => ({ value: one, label: t(`recovery.priority.${one}`) }))}
      />
      {others.length > 0 && (
        <CheckboxGroup
          name="needs"
          label={t('preparedness.field.needs')}
          hint={t('recovery.field.needs-hint')}
          values={values('needs', kept.needs?.split(',').filter(Boolean))}
          error={error('needs')}
          required={false}
          options={others.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      {(['rto', 'mtpd'] as const).map((name) => (
        <LengthField
          key={name}
          {...field(name, false)}
          hint={t(`recovery.field.${name}-hint`)}
          unit={{
            name: `${name}Unit`,
            label: t('recovery.field.unit', { of: t(`preparedness.field.${name}`) }),
            value: value(`${name}Unit`, kept[`${name}Unit`] || 'hours'),
            options: (['minutes', 'hours', 'days'] as const).map((one) => ({
              value: one,
              label: t(`recovery.unit.${one}`),
            })),
          }}
        />
      ))}
    </>
  )
}

function AnnexChoice(form: ItemForm) {
  const { visit, content } = form
  const { t, services, language } = visit
  if (content.annexes.length === 0) return null
  return (
    <Select
      {...given(form)('annex', false)}
      placeholder={t('preparedness.whole-plan')}
      options={content.annexes.map(({ id, party }) => ({ value: id, label: services.nameOf(party, language) }))}
    />
  )
}
