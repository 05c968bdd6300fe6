import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Field, Form, Hidden, Section, TextArea } from '../../../web/index.ts'
import type { Incident } from '../../incidents/index.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { AttributionFrame, pathOf } from '../pages/parts.tsx'
import { ClaimForm } from './claim-form.tsx'
import type { Claim } from './claims.ts'

interface Props {
  visit: Visit
  incident: Incident
  claim: Claim
  parties: readonly string[]
  returned?: Returned
}

/** Corrects one attribution, or notes who contests it; what it says now becomes its history. */
export function ClaimPage(props: Props) {
  const { visit, incident, claim, parties, returned } = props
  const { t } = visit
  const isDispute = returned !== undefined && !('maker' in returned.values)
  return (
    <AttributionFrame
      visit={visit}
      incident={incident}
      title={t('attributions.claim.change')}
      lead={t('attributions.claim.change-lead')}
      sub
    >
      <DisputeForm {...props} returned={isDispute ? returned : undefined} />
      <ClaimForm
        visit={visit}
        incident={incident}
        parties={parties}
        corrects={claim}
        returned={isDispute ? undefined : returned}
      />
    </AttributionFrame>
  )
}

function DisputeForm({ visit, incident, claim, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned)
  const labels = {
    by: t('attributions.dispute.by'),
    on: t('attributions.dispute.on'),
    words: t('attributions.dispute.words'),
  }
  return (
    <Section title={t('attributions.dispute.note')} id="dispute">
      <WhatIsWrong returned={returned} labels={labels} />
      <Form action={`${pathOf(incident)}/claims/${claim.claim}/disputes`} label={t('attributions.dispute.note')}>
        <Hidden name="id" value={newId()} />
        <Field
          name="by"
          label={labels.by}
          value={value('by')}
          error={error('by')}
          required
          maxlength={300}
          width="long"
        />
        <Field
          name="on"
          label={labels.on}
          hint={t('attributions.claim.day-hint')}
          value={value('on')}
          error={error('on')}
          required
          maxlength={10}
          width="short"
        />
        <TextArea
          name="words"
          label={labels.words}
          rows={3}
          value={value('words')}
          error={error('words')}
          required
          maxlength={8_000}
        />
        <Button label={t('attributions.dispute.note')} />
      </Form>
    </Section>
  )
}
