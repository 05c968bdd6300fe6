import { type DatedData, named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Form, Hidden, Quiet, Select, TextArea } from '../../../web/index.ts'
import { DatedNote, type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import type { Incident } from '../incident.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { SeverityAssessment } from './assess.ts'
import type { SeverityScheme } from './scheme.ts'

interface Props {
  visit: Visit
  incident: Incident
  scheme: SeverityScheme
  file: DatedData<SeverityScheme>
  /** What was answered last. */
  last?: SeverityAssessment
  returned?: Returned
}

/** The questions of one scheme; what is not known is left open. */
export function AssessPage({ visit, incident, scheme, file, last, returned }: Props) {
  const { t, language } = visit
  const { value, error } = returnedTo(returned, 'severity')
  const title = named(scheme.names, language)
  const labels = {
    why: t('severity.why'),
    ...Object.fromEntries(scheme.inputs.map(({ id, names }) => [id, named(names, language)])),
  }
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={title}
      lead={named(scheme.about, language)}
      back={{ href: `/incidents/${incident.id}/severity`, label: t('severity.back') }}
    >
      <WhatIsWrong returned={returned} labels={labels} />
      <Quiet>{t('severity.leave-open')}</Quiet>
      <Form action={`/incidents/${incident.id}/severity/${scheme.id}`} label={title}>
        <Hidden name="id" value={newId()} />
        {scheme.inputs.map((input) => (
          <Select
            key={input.id}
            name={input.id}
            label={named(input.names, language)}
            hint={input.counts === 'noted' ? t('severity.noted') : undefined}
            required={false}
            value={value(input.id, last?.answers[input.id])}
            error={error(input.id)}
            placeholder={t('severity.open')}
            options={input.choices.map(({ id, names }) => ({ value: id, label: named(names, language) }))}
          />
        ))}
        <TextArea
          name="why"
          label={t('severity.why')}
          hint={t('severity.why-hint')}
          rows={3}
          value={value('why')}
          error={error('why')}
          required
          maxlength={2000}
        />
        <Button label={t('severity.save')} />
      </Form>
      <DatedNote visit={visit} files={[file]} />
    </RecordFrame>
  )
}
