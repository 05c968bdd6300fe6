import { newId } from '../../../protocol/index.ts'
import { Button, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { returnedTo } from '../../frame/index.ts'
import { probabilityOptions } from '../weigh/weighing-forms.tsx'
import { standing } from '../weigh/weighing.ts'
import { hypothesisShort } from '../weigh/weighing-labels.ts'
import type { AssessmentProps } from './assessment-props.ts'
import { AssessmentDissents } from './dissent-list.tsx'
import type { Dissent } from './dissents.ts'
import { stepsOpenTo } from './write-dissents.ts'

/** Dissent on one assessment: what stands, what this person may say to it, and the form for a dissent of their own. */
export function DissentsSection(props: AssessmentProps) {
  const { visit, loaded, assessment } = props
  const { t, viewer } = visit
  const mayWrite = viewer.may('incidents:draft') && loaded.incident.state !== 'closed'
  return (
    <Section title={t('weighing.dissent.title')} id="dissent">
      {assessment.dissents.length === 0 && <Quiet>{t('weighing.dissent.none')}</Quiet>}
      <AssessmentDissents {...{ visit, loaded, assessment }} />
      {mayWrite && assessment.dissents.map((one) => <StepForm key={one.id} {...props} one={one} />)}
      {mayWrite && assessment.by !== viewer.person.id && <DissentForm {...props} />}
    </Section>
  )
}

function StepForm({ visit, loaded, assessment, returned, one }: AssessmentProps & { one: Dissent }) {
  const { t, viewer } = visit
  const steps = stepsOpenTo(viewer, one)
  const { value, error } = returnedTo(returned, `dissent-${one.id}`)
  const name = loaded.names.get(one.by) ?? one.by
  if (steps.length === 0) return null
  return (
    <Form
      action={`/incidents/${loaded.incident.id}/assessments/${assessment.id}/dissents/${one.id}/steps`}
      label={t('weighing.dissent.say-to', { name })}
    >
      <h3>{t('weighing.dissent.say-to', { name })}</h3>
      <Hidden name="id" value={newId()} />
      <Select
        name="kind"
        label={t('weighing.dissent.what')}
        value={value('kind', steps[0])}
        error={error('kind')}
        options={steps.map((kind) => ({ value: kind, label: t(`weighing.dissent.do-${kind}`) }))}
      />
      <TextArea
        name="words"
        label={t('incidents.weighing.why')}
        rows={3}
        value={value('words')}
        error={error('words')}
        required
        maxlength={4000}
      />
      <Button plain label={t('weighing.dissent.keep-step')} />
    </Form>
  )
}

function DissentForm({ visit, loaded, assessment, returned }: AssessmentProps) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'dissents')
  const others = standing(loaded.weighing.hypotheses).filter(({ id }) => id !== assessment.hypothesis)
  return (
    <Form
      action={`/incidents/${loaded.incident.id}/assessments/${assessment.id}/dissents`}
      label={t('weighing.dissent.write')}
    >
      <h3>{t('weighing.dissent.write')}</h3>
      <Quiet>{t('weighing.dissent.stays')}</Quiet>
      <Hidden name="id" value={newId()} />
      <TextArea
        name="words"
        label={t('weighing.dissent.words')}
        rows={4}
        value={value('words')}
        error={error('words')}
        required
        maxlength={4000}
      />
      {others.length > 0 && (
        <Select
          name="alternative"
          label={t('weighing.dissent.alternative')}
          value={value('alternative')}
          error={error('alternative')}
          options={[
            { value: '', label: t('weighing.hypothesis.none') },
            ...others.map((one) => ({ value: one.id, label: `${hypothesisShort(visit, one)} ${one.words}` })),
          ]}
        />
      )}
      <Select
        name="probability"
        label={t('weighing.dissent.own')}
        hint={t('weighing.dissent.own-hint')}
        value={value('probability')}
        error={error('probability')}
        options={[{ value: '', label: t('weighing.dissent.no-own') }, ...probabilityOptions(visit)]}
      />
      <Button label={t('weighing.dissent.write')} />
    </Form>
  )
}
