import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Form, Hidden, Quiet, RadioGroup, TextArea } from '../../../web/index.ts'
import type { LoadedOptions } from '../load-options.ts'
import { type Returned, WhatIsWrong } from '../../frame/index.ts'
import { OptionsFrame, typed } from './parts.tsx'

/** Where a legal adviser gives another rung, or sets one condition aside. */
export function GatePage({ visit, loaded, returned }: { visit: Visit; loaded: LoadedOptions; returned?: Returned }) {
  const { t, language } = visit
  const { incident, catalogue, gate } = loaded
  const { rungs, rules } = catalogue.rules
  const computed = rungs.find(({ id }) => id === gate.computed)
  return (
    <OptionsFrame
      visit={visit}
      incident={incident}
      title={t('response.action.override')}
      lead={t('response.override.lead')}
      sub
    >
      <Quiet>
        {t('response.gate.computed')}: {computed ? named(computed.names, language) : t('response.gate.not-given')}
      </Quiet>
      <WhatIsWrong
        returned={returned}
        labels={{ override: t('response.override.what'), reason: t('response.override.reason') }}
      />
      <Form action={`/incidents/${incident.id}/options/gate`}>
        <Hidden name="id" value={newId()} />
        <RadioGroup
          name="override"
          label={t('response.override.what')}
          value={typed(returned, 'override') || undefined}
          error={returned?.errors.override}
          required
          options={[
            ...rungs.map((one) => ({
              value: `rung:${one.id}`,
              label: t('response.override.gives', { rung: named(one.names, language) }),
            })),
            ...rules
              .filter(({ legal }) => legal)
              .map((one) => ({
                value: `${one.id}:met`,
                label: t('response.override.sets-aside', { rule: named(one.names, language) }),
                hint: one.source,
              })),
          ]}
        />
        <TextArea
          name="reason"
          label={t('response.override.reason')}
          hint={t('response.override.reason-hint')}
          rows={4}
          value={typed(returned, 'reason')}
          error={returned?.errors.reason}
          required
          maxlength={4000}
        />
        <Button label={t('response.override.save')} />
      </Form>
    </OptionsFrame>
  )
}
