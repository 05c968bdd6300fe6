import { addDuration } from '../../../core/clocks/index.ts'
import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, CheckboxGroup, Field, Form, Hidden, Quiet, TextArea } from '../../../web/index.ts'
import type { LoadedOptions } from '../load-options.ts'
import { type Returned, WhatIsWrong } from '../../frame/index.ts'
import { OptionsFrame, typed, typedMany } from './parts.tsx'

/** Minutes of a decision that somebody took: nothing here decides or proposes. */
export function DecidePage({ visit, loaded, returned }: { visit: Visit; loaded: LoadedOptions; returned?: Returned }) {
  const { t, language, services, viewer } = visit
  const { incident, catalogue, options } = loaded
  const today = dayOf(services.clock.now(), viewer.person.zone)
  const inQuarter = dayOf(addDuration(services.clock.now(), 'P3M', viewer.person.zone), viewer.person.zone)
  const labels = {
    decidedOn: t('response.decision.on'),
    decidedBy: t('response.decision.by'),
    chosen: t('response.decision.chosen'),
    considered: t('response.decision.considered'),
    why: t('response.decision.why'),
    despite: t('response.decision.despite'),
    dissent: t('response.decision.dissent'),
    reviewOn: t('response.review-on'),
  }
  const choices = catalogue.measures.map((measure) => {
    const standing = options.find((one) => one.measure === measure.id)?.standing ?? 'not-given'
    return { value: measure.id, label: named(measure.names, language), hint: t(`response.standing-here.${standing}`) }
  })
  const area = (name: 'why' | 'despite' | 'dissent', required: boolean, hint?: string) => (
    <TextArea
      name={name}
      label={labels[name]}
      hint={hint}
      rows={3}
      value={typed(returned, name)}
      error={returned?.errors[name]}
      required={required}
      maxlength={4000}
    />
  )
  return (
    <OptionsFrame
      visit={visit}
      incident={incident}
      title={t('response.action.decide')}
      lead={t('response.decision.lead')}
      sub
    >
      <Quiet>{t('response.decision.no-proposal')}</Quiet>
      <WhatIsWrong returned={returned} labels={labels} />
      <Form action={`/incidents/${incident.id}/options/decide`}>
        <Hidden name="id" value={newId()} />
        <Field
          name="decidedOn"
          type="date"
          label={labels.decidedOn}
          value={typed(returned, 'decidedOn', today)}
          error={returned?.errors.decidedOn}
          required
        />
        <Field
          name="decidedBy"
          label={labels.decidedBy}
          hint={t('response.decision.by-hint')}
          value={typed(returned, 'decidedBy')}
          error={returned?.errors.decidedBy}
          required
          maxlength={300}
          width="long"
        />
        <CheckboxGroup
          name="chosen"
          label={labels.chosen}
          hint={t('response.decision.chosen-hint')}
          values={typedMany(returned, 'chosen')}
          error={returned?.errors.chosen}
          required={false}
          options={choices}
        />
        <CheckboxGroup
          name="considered"
          label={labels.considered}
          values={typedMany(returned, 'considered')}
          error={returned?.errors.considered}
          required={false}
          options={choices.map(({ value, label }) => ({ value, label }))}
        />
        {area('why', true)}
        {area('despite', false, t('response.decision.despite-hint'))}
        {area('dissent', false, t('response.decision.dissent-hint'))}
        <Field
          name="reviewOn"
          type="date"
          label={labels.reviewOn}
          value={typed(returned, 'reviewOn', inQuarter)}
          error={returned?.errors.reviewOn}
          required
        />
        <Button label={t('response.decision.save')} />
      </Form>
    </OptionsFrame>
  )
}

const dayOf = (ms: number, timeZone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone }).format(ms)
