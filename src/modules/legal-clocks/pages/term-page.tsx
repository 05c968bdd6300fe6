import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatList } from '../../../text/index.ts'
import {
  Button,
  Checkbox,
  Entry,
  Field,
  Form,
  Hidden,
  Pairs,
  Quiet,
  Section,
  Select,
  TextArea,
} from '../../../web/index.ts'
import { DatedNote, type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import type { LoadedClocks } from '../load-clocks.ts'
import type { Matter, TermStanding } from '../matters.ts'
import { missingOf } from '../notifications.ts'
import { sendingText } from './matter-page.tsx'
import { ClocksFrame, labelsOf, Standing } from './parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedClocks
  matter: Matter
  standing: TermStanding
  returned?: Returned
}

/** One notification: drafted from the record, checked for what is missing, and recorded as sent. */
export function TermPage(props: Props) {
  const { visit, loaded, matter, standing, returned } = props
  const { t, language, viewer } = visit
  const { incident, nameOf } = loaded
  const fields = standing.draft?.fields ?? {}
  const missing = missingOf(standing, fields).map((id) => fieldName(props, id))
  return (
    <ClocksFrame
      visit={visit}
      incident={incident}
      title={named(standing.term.names, language)}
      back={{
        href: `/incidents/${incident.id}/clocks/${matter.id}`,
        label: matter.regime ? named(matter.regime.names, language) : t('legal-clocks.back'),
      }}
    >
      <p>
        <Standing visit={visit} matter={matter} standing={standing} />
      </p>
      <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
      <Section title={t('legal-clocks.draft.title')} id="draft">
        <p>
          <strong>
            {missing.length === 0
              ? t('legal-clocks.draft.complete')
              : t('legal-clocks.draft.missing', { fields: formatList(missing, language) })}
          </strong>
        </p>
        {standing.draft && <Signed visit={visit} by={nameOf(standing.draft.by)} at={standing.draft.at} />}
        {incident.state !== 'closed' && viewer.may('incidents:draft') ? (
          <DraftForm {...props} />
        ) : (
          <Pairs items={standing.term.fields.map((id) => ({ term: fieldName(props, id), detail: fields[id] ?? '' }))} />
        )}
      </Section>
      <Section title={t('legal-clocks.sent-title')} id="sent">
        {standing.sendings.length === 0 && <Quiet>{t('legal-clocks.not-sent')}</Quiet>}
        {standing.sendings.map((one) => (
          <Entry key={one.id} margin={<Signed visit={visit} by={nameOf(one.by)} at={one.at} />}>
            <p>{sendingText(visit, one)}</p>
            <Pairs
              items={[
                one.theirReference !== '' && {
                  term: t('legal-clocks.field.theirReference'),
                  detail: one.theirReference,
                },
                one.missing.length > 0 && {
                  term: t('legal-clocks.missing-then'),
                  detail: formatList(
                    one.missing.map((id) => fieldName(props, id)),
                    language,
                  ),
                },
                ...Object.entries(one.fields)
                  .filter(([, words]) => words !== '')
                  .map(([id, words]) => ({ term: fieldName(props, id), detail: <span dir="auto">{words}</span> })),
              ]}
            />
          </Entry>
        ))}
        {viewer.may('incidents:draft') && <SentForm {...props} missing={missing.length > 0} />}
      </Section>
      <DatedNote visit={visit} files={[loaded.file]} />
    </ClocksFrame>
  )
}

function fieldName({ visit, loaded }: Props, id: string): string {
  const field = loaded.file.content.fields.find((one) => one.id === id)
  return field ? named(field.names, visit.language) : id
}

function DraftForm(props: Props) {
  const { visit, loaded, matter, standing, returned } = props
  const { t } = visit
  const { value, error } = returnedTo(returned, 'draft')
  return (
    <Form action={`/incidents/${loaded.incident.id}/clocks/${matter.id}/${standing.term.id}/draft`}>
      <Hidden name="id" value={newId()} />
      <Quiet>{t('legal-clocks.draft.hint')}</Quiet>
      {standing.term.fields.map((id) => (
        <TextArea
          key={id}
          name={id}
          label={fieldName(props, id)}
          rows={2}
          value={value(id, standing.draft?.fields[id] ?? loaded.onRecord(matter, id))}
          error={error(id)}
          required
          maxlength={8000}
        />
      ))}
      <Button label={t('legal-clocks.draft.save')} />
    </Form>
  )
}

function SentForm({ visit, loaded, matter, standing, returned, missing }: Props & { missing: boolean }) {
  const { t, viewer } = visit
  const { value, error } = returnedTo(returned, 'sent')
  const field = (name: 'sentTo' | 'sentBy' | 'theirReference', kept = '', required = true) => (
    <Field
      name={name}
      label={t(`legal-clocks.field.${name}`)}
      value={value(name, kept)}
      error={error(name)}
      required={required}
      maxlength={300}
      width="long"
    />
  )
  return (
    <Form
      action={`/incidents/${loaded.incident.id}/clocks/${matter.id}/${standing.term.id}/sent`}
      label={t('legal-clocks.record-sent')}
    >
      <Hidden name="id" value={newId()} />
      <Field
        name="sentAt"
        type="datetime-local"
        label={t('legal-clocks.field.sentAt')}
        value={value('sentAt')}
        error={error('sentAt')}
        required
      />
      <Field
        name="zone"
        label={t('legal-clocks.field.zone')}
        value={value('zone', viewer.person.zone)}
        error={error('zone')}
        required
        maxlength={60}
      />
      <Select
        name="way"
        label={t('legal-clocks.field.way')}
        value={value('way')}
        error={error('way')}
        required
        placeholder={t('incidents.write.choose')}
        options={['platform', 'mail', 'telephone', 'hand', 'other'].map((one) => ({
          value: one,
          label: t(`legal-clocks.way.${one}`),
        }))}
      />
      {field('sentTo', matter.trigger.authority)}
      {field('sentBy', viewer.person.name)}
      {field('theirReference', '', false)}
      {missing && <Checkbox name="incomplete" label={t('legal-clocks.field.incomplete')} error={error('incomplete')} />}
      <Button label={t('legal-clocks.record-sent')} />
    </Form>
  )
}
