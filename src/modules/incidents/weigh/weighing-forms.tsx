import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Field, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { type Returned, returnedTo } from '../../frame/index.ts'
import { CompartmentChoice, tlpOptions } from '../pages/parts.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { GradeFields } from './grade-fields.tsx'
import { wordName } from './assessment-words.ts'
import { readProbability } from './read-probability.ts'
import { confidenceLevels, confidenceReasons } from './record-assessment.ts'
import { standing } from './weighing.ts'
import { hypothesisShort } from './weighing-labels.ts'
import { isolate } from '../../../text/index.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  returned?: Returned
}

/** A further hypothesis. */
export function HypothesisForm({ visit, loaded: { incident }, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'hypotheses')
  return (
    <Section title={t('incidents.weighing.add-hypothesis')} id="add-hypothesis">
      <Quiet>{t('weighing.hypothesis.forgotten')}</Quiet>
      <Form action={`/incidents/${incident.id}/hypotheses`}>
        <Hidden name="id" value={newId()} />
        <TextArea
          name="statement"
          label={t('incidents.weighing.hypothesis')}
          hint={t('incidents.weighing.hypothesis-hint')}
          rows={2}
          value={value('statement')}
          error={error('statement')}
          required
          maxlength={600}
        />
        <Button plain label={t('incidents.weighing.add-hypothesis')} />
      </Form>
    </Section>
  )
}

/** A further item of evidence. */
export function EvidenceForm({
  visit,
  loaded: { incident, weighing, compartments },
  returned,
  people,
}: Props & { people: readonly { id: string; name: string }[] }) {
  const { t, viewer } = visit
  const { value, error } = returnedTo(returned, 'evidence')
  return (
    <Section title={t('incidents.weighing.add-evidence')} id="add-evidence">
      <Form action={`/incidents/${incident.id}/evidence`}>
        <Hidden name="id" value={newId()} />
        <TextArea
          name="words"
          label={t('incidents.weighing.item')}
          rows={3}
          value={value('words')}
          error={error('words')}
          required
          maxlength={1000}
        />
        <Field
          name="source"
          label={t('incidents.weighing.source')}
          hint={t('incidents.weighing.source-hint')}
          value={value('source')}
          error={error('source')}
          required
          maxlength={300}
        />
        <Field
          name="identity"
          label={t('need-to-know.source.identity')}
          hint={t('need-to-know.source.identity-hint')}
          value={value('identity')}
          error={error('identity')}
          required={false}
          maxlength={300}
        />
        <Select
          name="deputy"
          label={t('need-to-know.source.deputy')}
          value={value('deputy')}
          error={error('deputy')}
          options={[
            { value: '', label: t('need-to-know.source.no-deputy') },
            ...people.filter(({ id }) => id !== viewer.person.id).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <CompartmentChoice
          visit={visit}
          compartments={compartments}
          value={value('compartment')}
          error={error('compartment')}
        />
        <GradeFields visit={visit} hypotheses={standing(weighing.hypotheses)} value={value} error={error} />
        <Field
          name="stixId"
          label={t('incidents.weighing.object')}
          hint={t('incidents.weighing.object-hint')}
          value={value('stixId')}
          error={error('stixId')}
          required={false}
          maxlength={300}
        />
        <Select
          name="tlp"
          label={t('incidents.open.marking')}
          value={value('tlp', 'AMBER')}
          error={error('tlp')}
          options={tlpOptions(t, viewer.ceiling)}
        />
        <Button plain label={t('incidents.weighing.add-evidence')} />
      </Form>
    </Section>
  )
}

/** A judgement of today. */
export function AssessmentForm({ visit, loaded: { incident, weighing }, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'assessments')
  return (
    <Section title={t('incidents.weighing.assess')} id="assess">
      <Form action={`/incidents/${incident.id}/assessments`}>
        <Hidden name="id" value={newId()} />
        <Select
          name="hypothesis"
          label={t('incidents.weighing.hypothesis')}
          value={value('hypothesis')}
          error={error('hypothesis')}
          required
          placeholder={t('incidents.write.choose')}
          options={standing(weighing.hypotheses).map((one) => ({
            value: one.id,
            label: `${hypothesisShort(visit, one)} ${isolate(one.words)}`,
          }))}
        />
        <Select
          name="probability"
          label={t('incidents.weighing.probability')}
          hint={t('incidents.weighing.probability-hint')}
          value={value('probability')}
          error={error('probability')}
          required
          placeholder={t('incidents.write.choose')}
          options={probabilityOptions(visit)}
        />
        <Select
          name="confidence"
          label={t('incidents.weighing.confidence')}
          hint={t('incidents.weighing.confidence-hint')}
          value={value('confidence')}
          error={error('confidence')}
          required
          placeholder={t('incidents.write.choose')}
          options={confidenceLevels.map((one) => ({ value: one, label: t(`incidents.confidence.${one}`) }))}
        />
        <p>
          <a href="/incidents/probability-words">{t('weighing.scales.title')}</a>
        </p>
        {confidenceReasons.map((one) => (
          <TextArea
            key={one}
            name={one}
            label={t(`weighing.reasons.${one}`)}
            hint={t(`weighing.reasons.${one}-hint`)}
            rows={2}
            value={value(one)}
            error={error(one)}
            required
            maxlength={1000}
          />
        ))}
        <TextArea
          name="why"
          label={t('incidents.weighing.why')}
          rows={4}
          value={value('why')}
          error={error('why')}
          required
          maxlength={2000}
        />
        <Button label={t('incidents.weighing.assess')} />
      </Form>
    </Section>
  )
}

/** Words of all schemes, each with its band. */
export const probabilityOptions = (visit: Visit) =>
  readProbability(visit.services).content.schemes.flatMap((scheme) =>
    scheme.words.map((one) => ({
      value: `${scheme.id}:${one.word}`,
      label: visit.t('incidents.weighing.word-in-scheme', {
        word: wordName(visit, one),
        from: one.from,
        to: one.to,
        scheme: scheme.name,
      }),
    })),
  )
