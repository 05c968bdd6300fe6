import { type DatedData, named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { formatList, isolate } from '../../../text/index.ts'
import {
  Button,
  CheckboxGroup,
  Field,
  Form,
  FormLine,
  Hidden,
  Paper,
  Quiet,
  RadioGroup,
  Section,
  TextArea,
  TlpLabel,
} from '../../../web/index.ts'
import { DatedNote, type Returned, Signed, WhatIsWrong } from '../../frame/index.ts'
import type { Incident } from '../../incidents/index.ts'
import type { Dossier } from '../dossiers.ts'
import type { SanctionsFile, SanctionsRegime } from '../sanctions.ts'
import { OptionsFrame, typed, typedMany } from './parts.tsx'

interface Props {
  visit: Visit
  incident: Incident
  dossier: Dossier
  file: DatedData<SanctionsFile>
  regime: SanctionsRegime
  /** What this dossier may name. */
  evidence: readonly { id: string; number: number; words: string }[]
  withheld: number
  by: string
  returned?: Returned
}

/** One person or entity under one regime: criteria with their evidence, identifiers, statement of reasons. */
export function DossierPage(props: Props) {
  const { visit, incident, dossier, file, regime, withheld, by, returned } = props
  const { t, language, viewer } = visit
  const open = regime.criteria.filter(({ id }) => {
    const { met = '', evidence = [] } = dossier.content.criteria[id] ?? {}
    return met === '' || (met === 'yes' && evidence.length === 0)
  })
  return (
    <OptionsFrame
      visit={visit}
      incident={incident}
      title={t('response.dossier.number', { number: dossier.number })}
      sub
    >
      <FormLine>
        {named(regime.names, language)} · <span lang="en">{regime.law}</span>
      </FormLine>
      <p>
        <strong dir="auto">{dossier.subject}</strong> · {t(`response.dossier.kinds.${dossier.kind}`)} ·{' '}
        <TlpLabel marking={{ tlp: dossier.tlp }} />
      </p>
      <p>
        {open.length === 0
          ? t('response.dossier.complete')
          : t('response.dossier.missing', {
              fields: formatList(
                open.map((one) => named(one.names, language)),
                language,
              ),
            })}
      </p>
      <Signed visit={visit} by={by} at={dossier.at} />
      {withheld > 0 && <Quiet>{t('response.dossier.withheld', { count: withheld })}</Quiet>}
      {dossier.content.reasons !== '' && (
        <Paper>
          <p dir="auto">{dossier.content.reasons}</p>
        </Paper>
      )}
      <WhatIsWrong returned={returned} labels={{ reasons: t('response.dossier.reasons') }} />
      {incident.state !== 'closed' && viewer.may('incidents:draft') && <DossierForm {...props} />}
      <DatedNote visit={visit} files={[file]} />
    </OptionsFrame>
  )
}

function DossierForm(props: Props) {
  const { visit, incident, dossier, file, regime, returned } = props
  const { t, language } = visit
  return (
    <Form action={`/incidents/${incident.id}/options/dossiers/${dossier.id}`}>
      <Hidden name="id" value={newId()} />
      {regime.criteria.map((criterion) => (
        <Criterion key={criterion.id} {...props} criterion={criterion} />
      ))}
      <Section title={t('response.dossier.identifiers')} id="identifiers">
        {file.content.identifiers.map(({ id, names }) => (
          <Field
            key={id}
            name={`identifier-${id}`}
            label={named(names, language)}
            value={typed(returned, `identifier-${id}`, dossier.content.identifiers[id])}
            required={false}
            maxlength={600}
            width="long"
          />
        ))}
      </Section>
      <TextArea
        name="reasons"
        label={t('response.dossier.reasons')}
        hint={t('response.dossier.reasons-hint')}
        rows={8}
        value={typed(returned, 'reasons', dossier.content.reasons || draftOf(props))}
        error={returned?.errors.reasons}
        required={false}
        maxlength={20_000}
      />
      <Button label={t('response.dossier.save')} />
    </Form>
  )
}

function Criterion({
  visit,
  dossier,
  evidence,
  returned,
  criterion,
}: Props & { criterion: SanctionsRegime['criteria'][number] }) {
  const { t, language } = visit
  const { id, names, source } = criterion
  const { met = '', why = '', evidence: before = [] } = dossier.content.criteria[id] ?? {}
  const gone = before.filter((item) => !evidence.some((one) => one.id === item)).length
  return (
    <Section title={named(names, language)} id={id}>
      <Quiet small>
        <span lang="en">{source}</span>
      </Quiet>
      <RadioGroup
        name={`${id}-met`}
        label={t('response.dossier.met')}
        value={typed(returned, `${id}-met`, met)}
        required={false}
        options={['', 'yes', 'no'].map((value) => ({
          value,
          label: t(`response.dossier.${value === '' ? 'open' : value}`),
        }))}
      />
      <TextArea
        name={`${id}-why`}
        label={t('response.dossier.why')}
        rows={3}
        value={typed(returned, `${id}-why`, why)}
        required={false}
        maxlength={8000}
      />
      {evidence.length > 0 && (
        <CheckboxGroup
          name={`${id}-evidence`}
          label={t('response.dossier.evidence')}
          values={returned ? typedMany(returned, `${id}-evidence`) : before}
          required={false}
          options={evidence.map((one) => ({
            value: one.id,
            label: t('response.dossier.item', { number: one.number, words: isolate(one.words) }),
          }))}
        />
      )}
      {gone > 0 && <Quiet>{t('response.dossier.gone', { count: gone })}</Quiet>}
    </Section>
  )
}

/** A statement of reasons out of what is written for the criteria that are met, for a person to finish. */
function draftOf({ visit: { language }, dossier, regime, evidence }: Props): string {
  const met = regime.criteria.flatMap(({ id, names }) => {
    const said = dossier.content.criteria[id]
    if (said?.met !== 'yes') return []
    const items = evidence.filter((one) => said.evidence.includes(one.id)).map((one) => `– ${one.words}`)
    return [[`${named(names, language)}.`, said.why, ...items].filter(Boolean).join('\n')]
  })
  return met.length === 0 ? '' : [dossier.subject, ...met].join('\n\n')
}
