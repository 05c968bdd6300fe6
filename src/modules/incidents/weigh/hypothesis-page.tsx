import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { markOptions } from './grade-fields.tsx'
import { itemsPerPage } from './matrix-view.ts'
import { ResponsibilitySection } from './responsibility-section.tsx'
import type { Placed } from './responsibility.ts'
import { type Hypothesis, inForce, standing } from './weighing.ts'
import { hypothesisShort, weighingLabels } from './weighing-labels.ts'
import { isolate } from '../../../text/index.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  one: Hypothesis
  placed: readonly Placed[]
  returned?: Returned
}

/** One hypothesis: every item set against it on one form, and what became of it. */
export function HypothesisPage({ visit, loaded, one, placed, returned }: Props) {
  const { t, viewer } = visit
  const { incident, names } = loaded
  const mayWrite = viewer.may('incidents:draft') && incident.state !== 'closed'
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('weighing.hypothesis.title', { number: one.number })}
      lead={one.words}
      back={{ href: `/incidents/${incident.id}/weighing`, label: t('incidents.weighing.title') }}
    >
      <WhatIsWrong
        returned={returned}
        labels={{ ...weighingLabels(visit, []), sameAs: t('weighing.hypothesis.same-as') }}
      />
      <p>
        {t(`weighing.hypothesis.state-${one.state}`)}{' '}
        <a href={`/incidents/${incident.id}/weighing/diamond/${one.id}`}>
          {t('diamond.title-hypothesis', { number: one.number })}
        </a>
      </p>
      {one.steps.length > 0 && (
        <ol>
          {one.steps.map((step) => (
            <li key={step.id}>
              {t(`weighing.hypothesis.step-${step.kind}`)} <bdi>{step.why}</bdi>
              <Signed visit={visit} by={names.get(step.by) ?? step.by} at={step.at} />
            </li>
          ))}
        </ol>
      )}
      {mayWrite && one.state === 'standing' && <Marks {...{ visit, loaded, one, returned }} />}
      <ResponsibilitySection {...{ visit, loaded, one, placed, returned }} />
      {mayWrite && <Move {...{ visit, loaded, one, returned }} />}
    </RecordFrame>
  )
}

function Marks({ visit, loaded, one, returned }: Omit<Props, 'placed'>) {
  const { t, query } = visit
  const { value, error } = returnedTo(returned, 'marks')
  const items = inForce(loaded.weighing.evidence)
  const from = Math.max(0, Number.parseInt(query?.get('from') ?? '0', 10) || 0)
  const page = items.slice(from, from + itemsPerPage)
  const action = `/incidents/${loaded.incident.id}/hypotheses/${one.id}`
  if (items.length === 0) return <Quiet>{t('incidents.weighing.no-evidence')}</Quiet>
  return (
    <Section title={t('weighing.hypothesis.marks')} id="marks">
      <Form action={`${action}/marks`}>
        {page.map((item) => (
          <Select
            key={item.id}
            name={`mark-${item.number}`}
            label={
              <>
                {item.number}. <bdi>{item.words}</bdi>
              </>
            }
            value={value(`mark-${item.number}`, item.marks[one.id])}
            error={error(`mark-${item.number}`)}
            options={markOptions(t)}
          />
        ))}
        <Button label={t('weighing.hypothesis.save-marks')} />
      </Form>
      {items.length > itemsPerPage && (
        <p>
          {Array.from({ length: Math.ceil(items.length / itemsPerPage) }, (_, at) => (
            <>
              <a
                href={`${action}?from=${at * itemsPerPage}#marks`}
                aria-current={at * itemsPerPage === from ? 'true' : undefined}
              >
                {t('weighing.hypothesis.items', {
                  from: at * itemsPerPage + 1,
                  to: Math.min(items.length, (at + 1) * itemsPerPage),
                })}
              </a>{' '}
            </>
          ))}
        </p>
      )}
    </Section>
  )
}

function Move({ visit, loaded, one, returned }: Omit<Props, 'placed'>) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'move')
  const others = standing(loaded.weighing.hypotheses).filter(({ id }) => id !== one.id)
  const choices = one.state === 'standing' ? (others.length > 0 ? ['dropped', 'same-as'] : ['dropped']) : ['taken-up']
  return (
    <Section title={t('weighing.hypothesis.move')} id="move">
      <Form action={`/incidents/${loaded.incident.id}/hypotheses/${one.id}/move`}>
        <Hidden name="id" value={newId()} />
        <Select
          name="kind"
          label={t('weighing.hypothesis.what')}
          value={value('kind', choices[0])}
          error={error('kind')}
          options={choices.map((kind) => ({ value: kind, label: t(`weighing.hypothesis.do-${kind}`) }))}
        />
        {choices.includes('same-as') && (
          <Select
            name="sameAs"
            label={t('weighing.hypothesis.same-as')}
            value={value('sameAs')}
            error={error('sameAs')}
            options={[
              { value: '', label: t('weighing.hypothesis.none') },
              ...others.map((other) => ({
                value: other.id,
                label: `${hypothesisShort(visit, other)} ${isolate(other.words)}`,
              })),
            ]}
          />
        )}
        <TextArea
          name="why"
          label={t('incidents.weighing.why')}
          rows={3}
          value={value('why')}
          error={error('why')}
          required
          maxlength={1000}
        />
        <Button plain label={t('weighing.hypothesis.save-move')} />
      </Form>
    </Section>
  )
}
