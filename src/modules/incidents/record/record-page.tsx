import type { SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import {
  Button,
  Field,
  FileField,
  Form,
  Hidden,
  PageHead,
  Quiet,
  RadioGroup,
  Section,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { Framed, type Returned, returnedTo, WhatIsWrong } from '../../frame/index.ts'
import { incidentStates } from '../incident.ts'
import { factStates } from './keep-record.ts'
import { titleOf } from '../share/link-space.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import { AtHome, BackTo, CompartmentChoice } from '../pages/parts.tsx'
import { isolate } from '../../../text/index.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  /** Spaces that could be linked. */
  linkable: SpaceFacts[]
  returned?: Returned
}

/** All forms of the record at home, one under the other. */
export function RecordPage(props: Props) {
  const {
    visit,
    loaded: { incident },
    returned,
  } = props
  const { t } = visit
  return (
    <Framed
      visit={visit}
      title={t('incidents.record.page-title', { name: incident.codeName })}
      current="/incidents"
      drill={incident.drill ? incident.codeName : undefined}
    >
      <PageHead
        form={<bdi>{incident.codeName}</bdi>}
        title={t('incidents.record.title')}
        lead={t('incidents.record.lead')}
      />
      <BackTo visit={visit} incident={incident} />
      <AtHome visit={visit} />
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      {incident.state === 'closed' ? (
        <Quiet>{t('incidents.record.closed')}</Quiet>
      ) : (
        <>
          <BottomLineForm {...props} />
          <FactForm {...props} />
          <LogForm {...props} />
          <LinkForm {...props} />
          <ObjectsForm {...props} />
        </>
      )}
      {visit.viewer.may('incidents:manage') && <StateForm {...props} />}
    </Framed>
  )
}

function BottomLineForm({ visit: { t }, loaded: { incident, bottomLine }, returned }: Props) {
  const { value, error } = returnedTo(returned, 'bottom-line')
  const [first, second, third] = bottomLine?.sentences ?? ['', '', '']
  return (
    <Section title={t('incidents.bottom-line.title')} id="bottom-line">
      <Form action={`/incidents/${incident.id}/bottom-line`}>
        <Hidden name="id" value={newId()} />
        <TextArea
          name="first"
          label={t('incidents.bottom-line.first')}
          rows={2}
          value={value('first', first)}
          error={error('first')}
          required
          maxlength={600}
        />
        <TextArea
          name="second"
          label={t('incidents.bottom-line.second')}
          rows={2}
          value={value('second', second)}
          error={error('second')}
          required
          maxlength={600}
        />
        <TextArea
          name="third"
          label={t('incidents.bottom-line.third')}
          rows={2}
          value={value('third', third)}
          error={error('third')}
          required
          maxlength={600}
        />
        <Button plain label={t('incidents.bottom-line.save')} />
      </Form>
    </Section>
  )
}

function FactForm({ visit, loaded: { incident, facts, compartments }, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'facts')
  return (
    <Section title={t('incidents.facts.title')} id="facts">
      <Form action={`/incidents/${incident.id}/facts`}>
        <Hidden name="id" value={newId()} />
        <RadioGroup
          name="kind"
          label={t('incidents.facts.state')}
          value={value('kind') || undefined}
          error={error('kind')}
          required
          options={factStates.map((state) => ({ value: state, label: t(`incidents.facts.${state}`) }))}
        />
        <TextArea
          name="words"
          label={t('incidents.facts.words')}
          rows={2}
          value={value('words')}
          error={error('words')}
          required
          maxlength={1000}
        />
        {facts.length > 0 && (
          <Select
            name="replaces"
            label={t('incidents.facts.replaces')}
            value={value('replaces')}
            error={error('replaces')}
            required={false}
            placeholder={t('incidents.facts.replaces-nothing')}
            options={facts.map((one) => ({ value: one.id, label: isolate(one.words) }))}
          />
        )}
        <CompartmentChoice
          visit={visit}
          compartments={compartments}
          value={value('compartment')}
          error={error('compartment')}
        />
        <Button plain label={t('incidents.facts.save')} />
      </Form>
    </Section>
  )
}

function LogForm({ visit, loaded: { incident, compartments }, returned }: Props) {
  const { t } = visit
  const { value, error } = returnedTo(returned, 'log')
  return (
    <Section title={t('incidents.log.add')} id="log">
      <Form action={`/incidents/${incident.id}/log`}>
        <Hidden name="id" value={newId()} />
        <TextArea
          name="entry"
          label={t('incidents.log.words')}
          rows={3}
          value={value('entry')}
          error={error('entry')}
          required
          maxlength={2000}
        />
        <Field
          name="at"
          type="datetime-local"
          label={t('incidents.log.at')}
          hint={t('incidents.log.at-hint')}
          value={value('at')}
          error={error('at')}
          required={false}
        />
        <CompartmentChoice
          visit={visit}
          compartments={compartments}
          value={value('compartment')}
          error={error('compartment')}
        />
        <Button plain label={t('incidents.log.add')} />
      </Form>
    </Section>
  )
}

function LinkForm({ visit: { t, language }, loaded: { incident }, linkable, returned }: Props) {
  const { value, error } = returnedTo(returned, 'spaces')
  return (
    <Section title={t('incidents.spaces.title')} id="spaces">
      {linkable.length === 0 ? (
        <Quiet>{t('incidents.spaces.none-to-link')}</Quiet>
      ) : (
        <Form action={`/incidents/${incident.id}/spaces`}>
          <Select
            name="space"
            label={t('incidents.spaces.space')}
            hint={t('incidents.spaces.hint')}
            value={value('space')}
            error={error('space')}
            required
            placeholder={t('incidents.write.choose')}
            options={linkable.map((space) => ({ value: space.id, label: titleOf(space, language) }))}
          />
          <Button plain label={t('incidents.spaces.link')} />
        </Form>
      )}
    </Section>
  )
}

function ObjectsForm({ visit: { t }, loaded: { incident }, returned }: Props) {
  const { error } = returnedTo(returned, 'objects')
  return (
    <Section title={t('incidents.objects.title')} id="objects">
      <Form action={`/incidents/${incident.id}/objects`} enctype="multipart/form-data">
        <Hidden name="id" value={newId()} />
        <FileField
          name="file"
          label={t('incidents.open.file')}
          error={error('file')}
          required
          accept=".json,application/json,application/stix+json"
        />
        <Button plain label={t('incidents.objects.add')} />
      </Form>
    </Section>
  )
}

function StateForm({ visit: { t }, loaded: { incident } }: Props) {
  return (
    <Section title={t('incidents.state.title')} id="state">
      <Form action={`/incidents/${incident.id}/state`}>
        <Select
          name="state"
          label={t('incidents.state.title')}
          value={incident.state}
          options={incidentStates.map((state) => ({ value: state, label: t(`incidents.state.${state}`) }))}
        />
        <Button plain label={t('incidents.state.save')} />
      </Form>
    </Section>
  )
}

/** Names of the fields, for the summary of what needs correcting. */
function labelsOf({ t }: Visit): Record<string, string> {
  return {
    first: t('incidents.bottom-line.first'),
    second: t('incidents.bottom-line.second'),
    third: t('incidents.bottom-line.third'),
    kind: t('incidents.facts.state'),
    words: t('incidents.facts.words'),
    replaces: t('incidents.facts.replaces'),
    entry: t('incidents.log.words'),
    at: t('incidents.log.at'),
    compartment: t('need-to-know.of'),
    space: t('incidents.spaces.space'),
    file: t('incidents.open.file'),
  }
}
