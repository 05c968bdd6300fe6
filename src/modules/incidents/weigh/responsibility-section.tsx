import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatDate } from '../../../text/index.ts'
import { Button, Details, Field, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { DatedNote, type Returned, returnedTo, Signed } from '../../frame/index.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import { readSpectrum } from './read-spectrum.ts'
import type { Placed } from './responsibility.ts'
import type { Hypothesis } from './weighing.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  one: Hypothesis
  /** Placings of this hypothesis, in order. */
  placed: readonly Placed[]
  returned?: Returned
}

/** How far a state would answer for what a hypothesis says: the spectrum, where people placed it, and the form. */
export function ResponsibilitySection({ visit, loaded, one, placed, returned }: Props) {
  const { t, language, viewer } = visit
  const file = readSpectrum(visit.services)
  const { steps, names } = file.content
  const last = placed.at(-1)
  const mayWrite = viewer.may('incidents:draft') && loaded.incident.state !== 'closed'
  return (
    <Section title={t('weighing.responsibility.title')} id="responsibility">
      <Quiet>{t('weighing.responsibility.said')}</Quiet>
      {placed.length === 0 && <p>{t('weighing.responsibility.none')}</p>}
      <ol>
        {placed.map((said) => (
          <li key={said.id}>
            <strong>{stepName(visit, said.step)}</strong>{' '}
            {t(said === last ? 'weighing.responsibility.stands' : 'weighing.responsibility.before', {
              day: formatDate(Date.parse(`${said.toldOn}T00:00:00Z`), 'UTC', language),
            })}{' '}
            <bdi>{said.why}</bdi> {t('incidents.weighing.source')}: <bdi>{said.source}</bdi>
            <Signed visit={visit} by={loaded.names.get(said.by) ?? said.by} at={said.at} />
          </li>
        ))}
      </ol>
      <Details summary={named(names, language)}>
        <ol>
          {steps.map(({ id, names: called, meaning }) => (
            <li key={id} aria-current={id === last?.step ? 'true' : undefined}>
              {id === last?.step ? <strong>{named(called, language)}</strong> : named(called, language)}:{' '}
              {named(meaning, language)}
            </li>
          ))}
        </ol>
        <DatedNote visit={visit} files={[file]} />
      </Details>
      {mayWrite && <PlaceForm {...{ visit, loaded, one, returned }} />}
    </Section>
  )
}

function PlaceForm({ visit, loaded, one, returned }: Omit<Props, 'placed'>) {
  const { t, language } = visit
  const { value, error } = returnedTo(returned, 'responsibility')
  return (
    <Form
      action={`/incidents/${loaded.incident.id}/hypotheses/${one.id}/responsibility`}
      label={t('weighing.responsibility.place')}
      scope="responsibility"
    >
      <Hidden name="id" value={newId()} />
      <Select
        name="step"
        label={t('weighing.responsibility.step')}
        value={value('step')}
        error={error('step')}
        required
        placeholder={t('incidents.write.choose')}
        options={readSpectrum(visit.services).content.steps.map(({ id, names }) => ({
          value: id,
          label: named(names, language),
        }))}
      />
      <Field
        name="toldOn"
        type="date"
        label={t('weighing.responsibility.day')}
        value={value('toldOn')}
        error={error('toldOn')}
        required
      />
      <Field
        name="source"
        label={t('incidents.weighing.source')}
        hint={t('incidents.weighing.source-hint')}
        value={value('source')}
        error={error('source')}
        required
        maxlength={300}
        width="long"
      />
      <TextArea
        name="why"
        label={t('incidents.weighing.why')}
        rows={3}
        value={value('why')}
        error={error('why')}
        required
        maxlength={2000}
      />
      <Button plain label={t('weighing.responsibility.place')} />
    </Form>
  )
}

/** What the file calls a step; the step itself where the file has it no more. */
export function stepName({ services, language }: Pick<Visit, 'services' | 'language'>, step: string): string {
  const found = readSpectrum(services).content.steps.find(({ id }) => id === step)
  return found ? named(found.names, language) : step
}
