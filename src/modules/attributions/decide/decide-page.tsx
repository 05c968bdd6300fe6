import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  CheckboxGroup,
  Field,
  Form,
  Hidden,
  Pairs,
  Quiet,
  RadioGroup,
  Section,
  Select,
  Table,
  TextArea,
} from '../../../web/index.ts'
import { AssessmentDissents, assessmentWords, type LoadedIncident } from '../../incidents/index.ts'
import { rungName } from '../../response/index.ts'
import type { LoadedRegister } from '../load-register.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { AttributionFrame, pathOf } from '../pages/parts.tsx'
import { choices } from '../vocabulary.ts'
import { rankForAll, restable } from './decisions.ts'
import { isolate } from '../../../text/index.ts'

interface Props {
  visit: Visit
  register: LoadedRegister
  /** Rung of the legal gate; empty where it is not given. */
  gate: string
  returned?: Returned
}

/** Minutes a decision: ranking and gate are inputs to read, and nothing is filled in from them. */
export function DecidePage(props: Props) {
  const { visit, register } = props
  const { t } = visit
  return (
    <AttributionFrame
      visit={visit}
      incident={register.loaded.incident}
      title={t('attributions.decision.minute')}
      lead={t('attributions.decision.lead')}
      sub
    >
      <Inputs {...props} />
      <DecisionForm {...props} />
    </AttributionFrame>
  )
}

function Inputs({ visit, register: { loaded }, gate }: Props) {
  const { t, services, language } = visit
  const { hypotheses } = loaded.weighing
  const { ranked } = rankForAll(loaded)
  const of = (id: string) => hypotheses.find((one) => one.id === id)
  return (
    <Section title={t('attributions.inputs.title')} id="inputs">
      <Quiet>{t('attributions.inputs.explained')}</Quiet>
      <Pairs
        items={[
          {
            term: t('response.gate.title'),
            detail: gate === '' ? t('response.gate.not-given') : rungName(services, gate, language),
          },
        ]}
      />
      {ranked.length === 0 ? (
        <Quiet>{t('incidents.weighing.none')}</Quiet>
      ) : (
        <Table
          caption={t('incidents.weighing.least-contradicted')}
          numeric={[0, 2]}
          head={[t('incidents.weighing.place'), t('incidents.weighing.hypothesis'), t('incidents.weighing.against')]}
          rows={ranked.map(({ hypothesis, place, points }) => [
            String(place),
            <>
              {t('incidents.hypothesis-short', { number: of(hypothesis)?.number ?? 0 })}{' '}
              <bdi>{of(hypothesis)?.words}</bdi>
            </>,
            String(points),
          ])}
        />
      )}
    </Section>
  )
}

function DecisionForm({ visit, register: { loaded }, returned }: Props) {
  const { t } = visit
  const { incident, weighing } = loaded
  const fields = ['choice', 'accused', 'why', 'dissent', 'assessment', 'evidence', 'decidedOn', 'decidedBy', 'reviewOn']
  const { value, values, error } = returnedTo(returned)
  const labels = Object.fromEntries(fields.map((one) => [one, t(`attributions.decision.${one}`)]))
  const common = (name: string) => ({ name, label: labels[name] ?? '', error: error(name) })
  const items = restable(loaded)
  const kept = weighing.evidence.filter((one) => one.withdrawnAt === undefined).length + loaded.withheld.evidence
  return (
    <Section title={t('attributions.decision.title')} id="decide">
      <WhatIsWrong returned={returned} labels={labels} />
      <Form action={`${pathOf(incident)}/decide`} label={t('attributions.decision.minute')}>
        <Hidden name="id" value={newId()} />
        <RadioGroup
          {...common('choice')}
          required
          value={value('choice') || undefined}
          options={choices.map((one) => ({ value: one, label: t(`attributions.choice.${one}`) }))}
        />
        <Field
          {...common('accused')}
          hint={t('attributions.decision.accused-hint')}
          value={value('accused')}
          required={false}
          maxlength={300}
          width="long"
        />
        <Select
          {...common('assessment')}
          hint={t('attributions.decision.assessment-hint')}
          required={false}
          value={value('assessment')}
          placeholder={t('attributions.decision.no-assessment')}
          options={weighing.assessments.toReversed().map((one) => ({
            value: one.id,
            label: `${one.number} · ${assessmentWords(visit, one, weighing.hypotheses.find(({ id }) => id === one.hypothesis)?.number ?? 0)}`,
          }))}
        />
        {weighing.assessments.toReversed().map((one) => (
          <Disputed key={one.id} {...{ visit, loaded, one }} />
        ))}
        {items.length > 0 && (
          <CheckboxGroup
            {...common('evidence')}
            hint={t('attributions.decision.evidence-hint')}
            required={false}
            values={values('evidence')}
            options={items.map(({ id, number, words, reliability, credibility, tlp }) => ({
              value: id,
              label: `${number} · ${isolate(words)} · ${reliability}${credibility} · TLP:${tlp}`,
            }))}
          />
        )}
        {kept > items.length && (
          <Quiet small>{t('attributions.decision.left-out', { count: kept - items.length })}</Quiet>
        )}
        <TextArea {...common('why')} rows={4} value={value('why')} required maxlength={8_000} />
        <TextArea
          {...common('dissent')}
          hint={t('attributions.decision.dissent-hint')}
          rows={2}
          value={value('dissent')}
          required={false}
          maxlength={8_000}
        />
        <Field {...common('decidedOn')} type="date" value={value('decidedOn')} required />
        <Field {...common('decidedBy')} value={value('decidedBy')} required maxlength={300} width="long" />
        <Field
          {...common('reviewOn')}
          type="date"
          hint={t('attributions.decision.review-hint')}
          value={value('reviewOn')}
          required={false}
        />
        <Button label={t('attributions.decision.minute')} />
      </Form>
    </Section>
  )
}

/** Dissent stands beside each assessment that a decision can rest on. */
function Disputed({ visit, loaded, one }: Pick<Props, 'visit'> & { loaded: LoadedIncident; one: Assessed }) {
  if (one.dissents.length === 0) return null
  return (
    <div class="box">
      <p>{visit.t('weighing.assessment.title', { number: one.number })}</p>
      <AssessmentDissents {...{ visit, loaded, assessment: one }} />
    </div>
  )
}
type Assessed = LoadedIncident['weighing']['assessments'][number]
