import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import {
  Button,
  ButtonForm,
  CheckboxGroup,
  Field,
  Form,
  Hidden,
  RadioGroup,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { categoryCodes, readSchemes } from '../../incidents/index.ts'
import type { PlanContent, PlanPart } from '../plan/content.ts'
import type { Plan, Version } from '../plan/read-plans.ts'
import { triggerWords } from '../plan/trigger.ts'
import { type ItemForm, ItemFields } from './item-fields.tsx'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { PlanFrame } from './parts.tsx'

/** The head of a plan: what it is called, when it is suggested, how it is marked. */
export function HeadPage({ visit, plan, returned }: { visit: Visit; plan?: Plan; returned?: Returned }) {
  const { t } = visit
  const content = plan?.latest.content
  const { value, values, error } = returnedTo(returned, 'head')
  const trigger = content?.trigger ? `${content.trigger.scheme}:${content.trigger.level}` : ''
  const title = plan ? t('preparedness.change-head') : t('preparedness.begin')
  return (
    <PlanFrame
      visit={visit}
      title={title}
      {...(plan && { marking: plan.latest.marking })}
      back={
        plan
          ? { href: `/plans/${plan.id}?version=next`, label: t('preparedness.back-to-plan') }
          : { href: '/plans', label: t('preparedness.back') }
      }
    >
      <WhatIsWrong returned={returned} />
      <Form action={plan ? `/plans/${plan.id}/write/head` : '/plans'}>
        <Hidden name="id" value={value('id', newId())} />
        {plan && <Hidden name="seen" value={value('seen', plan.latest.id)} />}
        <Field
          name="name"
          label={t('preparedness.field.name')}
          value={value('name', content?.name)}
          error={error('name')}
          required
          maxlength={200}
          width="long"
        />
        <TextArea
          name="purpose"
          label={t('preparedness.field.purpose')}
          value={value('purpose', content?.purpose)}
          error={error('purpose')}
          required={false}
          rows={3}
          maxlength={2000}
        />
        <Select
          name="trigger"
          label={t('preparedness.field.trigger')}
          hint={t('preparedness.hint.trigger')}
          value={value('trigger', trigger)}
          error={error('trigger')}
          required={false}
          placeholder={t('preparedness.no-trigger')}
          options={readSchemes(visit.services).schemes.flatMap(({ id: scheme, levels }) =>
            levels.map(({ id: level }) => ({
              value: `${scheme}:${level}`,
              label: triggerWords(visit, { scheme, level }),
            })),
          )}
        />
        <CheckboxGroup
          name="categories"
          label={t('preparedness.field.categories')}
          hint={t('preparedness.hint.categories')}
          values={values('categories', content?.categories)}
          error={error('categories')}
          required={false}
          options={categoryCodes.map((code) => ({ value: code, label: t(`incidents.category.${code}`) }))}
        />
        <Select
          name="marking"
          label={t('preparedness.field.marking')}
          hint={t('preparedness.hint.marking')}
          value={value('marking', plan?.latest.marking ?? 'AMBER')}
          error={error('marking')}
          required
          options={tlpLabels.map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
        />
        <RadioGroup
          name="isInUse"
          label={t('preparedness.field.isInUse')}
          value={value('isInUse', content?.isInUse === false ? 'no' : 'yes')}
          error={error('isInUse')}
          required
          options={['yes', 'no'].map((one) => ({ value: one, label: t(`preparedness.${one}`) }))}
        />
        <Button label={t('preparedness.save')} />
      </Form>
    </PlanFrame>
  )
}

/** One item of a plan: a role, a step, a contact, a text, an annex. */
export function ItemPage({ plan, part, ...form }: ItemForm & { plan: Plan; part: PlanPart }) {
  const { visit, item, returned } = form
  const { t } = visit
  const { value } = returnedTo(returned, 'item')
  const seen = value('seen', plan.latest.id)
  return (
    <PlanFrame
      visit={visit}
      title={t(item ? 'preparedness.change-item' : 'preparedness.add-item', { item: t(`preparedness.item.${part}`) })}
      form={<bdi>{plan.latest.content.name}</bdi>}
      marking={plan.latest.marking}
      back={{ href: `/plans/${plan.id}?version=next#${part}`, label: t('preparedness.back-to-plan') }}
    >
      <WhatIsWrong returned={returned} />
      <Form action={`/plans/${plan.id}/write/${part}`}>
        <Hidden name="id" value={value('id', newId())} />
        <Hidden name="seen" value={seen} />
        {item && <Hidden name="item" value={item} />}
        <ItemFields part={part} {...form} />
        <Button label={t('preparedness.save')} />
      </Form>
      {item && (
        <ButtonForm
          plain
          danger
          action={`/plans/${plan.id}/remove/${part}`}
          label={t('preparedness.remove')}
          fields={{ id: newId(), seen, item }}
        />
      )}
    </PlanFrame>
  )
}

/** The form that opens an incident and starts the plan in it with one press. */
export function OpenFromPage({
  visit,
  plan,
  version,
  returned,
}: {
  visit: Visit
  plan: Plan
  version: Version
  returned?: Returned
}) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'open')
  return (
    <PlanFrame
      visit={visit}
      title={t('preparedness.open-from')}
      form={
        <>
          <bdi>{version.content.name}</bdi> · {t('preparedness.version', { number: version.number })}
        </>
      }
      lead={t('preparedness.open-lead')}
      marking={version.marking}
      back={{ href: `/plans/${plan.id}`, label: t('preparedness.back-to-plan') }}
    >
      <WhatIsWrong returned={returned} />
      <Form action={`/plans/${plan.id}/open`}>
        <Hidden name="id" value={value('id', newId())} />
        <Hidden name="run" value={value('run', newId())} />
        <Hidden name="version" value={version.number} />
        <Field
          name="title"
          label={t('incidents.open.name')}
          hint={t('incidents.open.name-hint')}
          value={value('title')}
          error={error('title')}
          required
          maxlength={200}
        />
        <Select
          name="category"
          label={t('incidents.open.category')}
          value={value('category')}
          error={error('category')}
          required
          placeholder={t('incidents.write.choose')}
          options={categoryCodes.map((code) => ({ value: code, label: t(`incidents.category.${code}`) }))}
        />
        <RadioGroup
          name="drill"
          label={t('preparedness.field.drill')}
          value={value('drill') || undefined}
          error={error('drill')}
          required
          options={[
            { value: 'no', label: t('preparedness.figures.real') },
            { value: 'yes', label: t('preparedness.figures.drill') },
          ]}
        />
        <Select
          name="marking"
          label={t('preparedness.field.marking')}
          hint={t('preparedness.hint.run-marking')}
          value={value('marking', version.marking)}
          error={error('marking')}
          required
          options={tlpLabels.map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
        />
        <AnnexBoxes visit={visit} content={version.content} values={returnedTo(returned, 'open').values('annexes')} />
        <Button label={t('preparedness.open-and-start')} />
      </Form>
    </PlanFrame>
  )
}

/** Which parties are part of it: their annexes go into the run. */
export function AnnexBoxes({
  visit: { t, services, language },
  content,
  values,
  name = 'annexes',
}: {
  visit: Visit
  content: PlanContent
  values: readonly string[]
  name?: string
}) {
  if (content.annexes.length === 0) return null
  return (
    <CheckboxGroup
      name={name}
      label={t('preparedness.field.annexes')}
      hint={t('preparedness.hint.annexes')}
      values={values}
      required={false}
      options={content.annexes.map(({ id, party }) => ({ value: id, label: services.nameOf(party, language) }))}
    />
  )
}
