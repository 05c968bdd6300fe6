import { newId } from '../../../protocol/index.ts'
import { Button, CheckboxGroup, Field, Form, Hidden, Section, Select, TextArea } from '../../../web/index.ts'
import { returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame, tlpOptions } from '../../incidents/index.ts'
import { labelsOf } from './labels.ts'
import type { LessonsProps } from './lesson-props.ts'
import { LessonTable } from './lessons-section.tsx'

/** What the recovery of an incident taught, and the form to write a lesson down. */
export function LessonsPage(props: LessonsProps) {
  const { visit, loaded, lessons, returned } = props
  const { t, viewer } = visit
  const { incident } = loaded
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('recovery.lesson.title')}
      lead={t('recovery.lesson.lead')}
      back={{ href: `/incidents/${incident.id}/recovery`, label: t('recovery.back') }}
    >
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      <LessonTable visit={visit} loaded={loaded} lessons={lessons} />
      {viewer.may('incidents:draft') && <LessonForm {...props} />}
    </RecordFrame>
  )
}

function LessonForm({ visit, loaded: { incident, plan, holders }, returned }: LessonsProps) {
  const { t, viewer } = visit
  const back = returnedTo(returned, 'lessons')
  const field = (name: string, otherwise = '') => ({
    name,
    label: t(`recovery.field.${name}`),
    value: back.value(name, otherwise),
    error: back.error(name),
  })
  const services = [...plan.services, ...plan.off]
  return (
    <Section title={t('recovery.lesson.write')} id="write">
      <Form action={`/incidents/${incident.id}/recovery/lessons`} label={t('recovery.lesson.write')}>
        <Hidden name="id" value={newId()} />
        <TextArea {...field('happened')} rows={4} required maxlength={2_000} />
        <Field {...field('change')} hint={t('recovery.field.change-hint')} required maxlength={300} width="long" />
        <Select
          {...field('owner')}
          hint={t('recovery.field.lesson-owner-hint')}
          required
          placeholder={t('incidents.write.choose')}
          options={holders}
        />
        <Field {...field('due')} type="date" hint={t('recovery.field.due-hint')} required width="medium" />
        {services.length > 0 && (
          <CheckboxGroup
            name="services"
            label={t('recovery.field.services')}
            error={back.error('services')}
            required={false}
            values={[...back.values('services')]}
            options={services.map((one) => ({ value: one.id, label: one.content.name }))}
          />
        )}
        <Select {...field('tlp', incident.marking)} options={tlpOptions(t, viewer.ceiling)} />
        <Button label={t('recovery.lesson.save')} />
      </Form>
    </Section>
  )
}
