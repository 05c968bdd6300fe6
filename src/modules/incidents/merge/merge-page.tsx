import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, CheckboxGroup, Field, Form, Hidden, Quiet, Section, Select, TextArea } from '../../../web/index.ts'
import { particularWords } from '../facts/particular-words.ts'
import type { Particular } from '../facts/state-particular.ts'
import type { Incident } from '../incident.ts'
import { type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import type { ListedObject } from '../share/list-shareable.ts'
import { From } from './joined-parts.tsx'
import type { OtherIncident } from './list-merges.ts'
import { isolate } from '../../../text/index.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  /** Incidents it could be merged into. */
  choices: readonly Incident[]
  particulars: readonly Particular[]
  /** Objects this person may see, without those that join others. */
  objects: readonly ListedObject[]
  into?: OtherIncident
  returned?: Returned
}

/** Merging this incident into another, taking that back, and splitting it. */
export function MergePage(props: Props) {
  const { visit, loaded, into, returned } = props
  const { t } = visit
  return (
    <RecordFrame
      visit={visit}
      incident={loaded.incident}
      title={t('incidents-joining.title')}
      lead={t('incidents-joining.lead')}
    >
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      {into ? <UndoForm {...props} into={into} /> : <MergeForm {...props} />}
      {!into && loaded.incident.state !== 'closed' && <SplitForm {...props} />}
    </RecordFrame>
  )
}

function MergeForm({ visit: { t, query }, loaded: { incident }, choices, returned }: Props) {
  const { value, error } = returnedTo(returned, 'merge')
  return (
    <Section title={t('incidents-joining.merge')} id="merge">
      {choices.length === 0 ? (
        <Quiet>{t('incidents-joining.none')}</Quiet>
      ) : (
        <Form action={`/incidents/${incident.id}/merge`}>
          <Hidden name="id" value={value('id', newId())} />
          <Select
            name="into"
            label={t('incidents-joining.into')}
            hint={t('incidents-joining.into-hint')}
            value={value('into', query.get('into') ?? '')}
            error={error('into')}
            required
            placeholder={t('incidents.write.choose')}
            options={choices.map((one) => ({
              value: one.id,
              label: `${one.reference} · ${isolate(one.codeName)} · ${isolate(one.title)}`,
            }))}
          />
          <TextArea name="why" label={t('incidents-joining.why')} value={value('why')} error={error('why')} required />
          <Button label={t('incidents-joining.merge')} />
        </Form>
      )}
    </Section>
  )
}

function UndoForm({ visit: { t }, loaded: { incident }, into, returned }: Props & { into: OtherIncident }) {
  const { value, error } = returnedTo(returned, 'merge/undo')
  return (
    <Section title={t('incidents-joining.undo')} id="undo">
      <p>
        {t('incidents-joining.merged-into', { reference: into.reference })} <From incident={into} />
      </p>
      <Form action={`/incidents/${incident.id}/merge/undo`}>
        <TextArea
          name="undoWhy"
          label={t('incidents-joining.why')}
          value={value('undoWhy')}
          error={error('undoWhy')}
          required
        />
        <Button label={t('incidents-joining.undo')} />
      </Form>
    </Section>
  )
}

function SplitForm({ visit, loaded: { incident, facts, log, weighing }, particulars, objects, returned }: Props) {
  const { t } = visit
  const { value, values, error } = returnedTo(returned, 'split')
  const groups = [
    {
      name: 'facts',
      label: t('incidents.facts.title'),
      options: facts
        .filter((one) => !one.compartment && !one.act)
        .map(({ id, words }) => ({ value: id, label: isolate(words) })),
    },
    {
      name: 'entries',
      label: t('incidents.log.title'),
      options: log
        .filter((one) => (one.kind === 'written' || one.kind === 'report') && !one.compartment)
        .map(({ id, words }) => ({ value: id, label: isolate(words ?? '') })),
    },
    {
      name: 'particulars',
      label: t('particulars.title'),
      options: particulars
        .filter((one) => !one.compartment)
        .map((one) => ({ value: one.id, label: isolate(particularWords(visit, one.kind, one.value)) })),
    },
    {
      name: 'evidence',
      label: t('incidents-joining.evidence'),
      hint: t('incidents-joining.evidence-hint'),
      options: weighing.evidence
        .filter((one) => !one.compartment)
        .map(({ id, number, words }) => ({ value: id, label: `${number}. ${isolate(words)}` })),
    },
    {
      name: 'objects',
      label: t('incidents.objects.title'),
      hint: t('incidents-joining.objects-hint'),
      options: objects
        .slice(0, objectsOffered)
        .map(({ id, name, type }) => ({ value: id, label: `${isolate(name || id)} (${isolate(type)})` })),
    },
  ].filter(({ options }) => options.length > 0)
  return (
    <Section title={t('incidents-joining.split')} id="split">
      <Quiet>{t('incidents-joining.split-explained')}</Quiet>
      {groups.length === 0 ? (
        <Quiet>{t('incidents-joining.nothing-to-split')}</Quiet>
      ) : (
        <Form action={`/incidents/${incident.id}/split`}>
          <Hidden name="id" value={value('id', newId())} />
          {groups.map((group) => (
            <CheckboxGroup key={group.name} {...group} values={[...values(group.name)]} error={error(group.name)} />
          ))}
          {objects.length > objectsOffered && (
            <TextArea
              name="objectsNamed"
              label={t('incidents-joining.objects-named')}
              hint={t('incidents-joining.objects-named-hint', { shown: objectsOffered, count: objects.length })}
              value={value('objectsNamed')}
              error={error('objectsNamed')}
            />
          )}
          <Field
            name="title"
            label={t('incidents-joining.new-title')}
            hint={t('incidents.open.name-hint')}
            value={value('title')}
            error={error('title')}
            required
          />
          <TextArea
            name="splitWhy"
            label={t('incidents-joining.why')}
            value={value('splitWhy')}
            error={error('splitWhy')}
            required
          />
          <Button plain label={t('incidents-joining.split')} />
        </Form>
      )}
    </Section>
  )
}

/** So many can be ticked; others are named. */
const objectsOffered = 100

/** Names of the fields, for the summary of what needs correcting. */
const labelsOf = ({ t }: Visit): Record<string, string> => ({
  into: t('incidents-joining.into'),
  why: t('incidents-joining.why'),
  undoWhy: t('incidents-joining.why'),
  title: t('incidents-joining.new-title'),
  splitWhy: t('incidents-joining.why'),
  facts: t('incidents.facts.title'),
  entries: t('incidents.log.title'),
  particulars: t('particulars.title'),
  evidence: t('incidents-joining.evidence'),
  objects: t('incidents.objects.title'),
  objectsNamed: t('incidents-joining.objects-named'),
})
