import { type DatedData, named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import {
  Button,
  Entry,
  Field,
  Form,
  FormLine,
  Hidden,
  Quiet,
  RadioGroup,
  Section,
  Select,
  TlpLabel,
} from '../../../web/index.ts'
import { DatedNote, type Returned, WhatIsWrong } from '../../frame/index.ts'
import type { Incident } from '../../incidents/index.ts'
import type { Dossier } from '../dossiers.ts'
import type { SanctionsFile } from '../sanctions.ts'
import { OptionsFrame, typed } from './parts.tsx'

interface Props {
  visit: Visit
  incident: Incident
  dossiers: readonly Dossier[]
  file: DatedData<SanctionsFile>
  returned?: Returned
}

/** Dossiers on persons and entities, and the form that begins one. */
export function DossiersPage(props: Props) {
  const { visit, incident, dossiers, file } = props
  const { t, language, viewer } = visit
  const regimeName = (id: string) => {
    const found = file.content.regimes.find((one) => one.id === id)
    return found ? named(found.names, language) : id
  }
  return (
    <OptionsFrame
      visit={visit}
      incident={incident}
      title={t('response.dossier.navigation')}
      lead={t('response.dossier.lead')}
      sub
    >
      {dossiers.length === 0 && <Quiet>{t('response.dossier.none')}</Quiet>}
      {dossiers.map((one) => (
        <Entry key={one.id} margin={<TlpLabel marking={{ tlp: one.tlp }} />}>
          <FormLine>
            {t('response.dossier.number', { number: one.number })} · {regimeName(one.regime)}
          </FormLine>
          <h2 dir="auto">
            <a href={`/incidents/${incident.id}/options/dossiers/${one.id}`}>{one.subject}</a>
          </h2>
        </Entry>
      ))}
      {incident.state !== 'closed' && viewer.may('incidents:draft') && <BeginForm {...props} />}
      <DatedNote visit={visit} files={[file]} />
    </OptionsFrame>
  )
}

function BeginForm({ visit: { t, language }, incident, file, returned }: Props) {
  const labels = {
    regime: t('response.dossier.regime'),
    subject: t('response.dossier.subject'),
    kind: t('response.dossier.kind'),
    tlp: t('response.dossier.tlp'),
  }
  return (
    <Section title={t('response.dossier.begin')} id="begin">
      <WhatIsWrong returned={returned} labels={labels} />
      <Form action={`/incidents/${incident.id}/options/dossiers`}>
        <Hidden name="id" value={newId()} />
        <Select
          name="regime"
          label={labels.regime}
          value={typed(returned, 'regime')}
          error={returned?.errors.regime}
          required
          placeholder={t('incidents.write.choose')}
          options={file.content.regimes.map((one) => ({ value: one.id, label: named(one.names, language) }))}
        />
        <Field
          name="subject"
          label={labels.subject}
          value={typed(returned, 'subject')}
          error={returned?.errors.subject}
          required
          maxlength={300}
          width="long"
        />
        <RadioGroup
          name="kind"
          label={labels.kind}
          value={typed(returned, 'kind') || undefined}
          error={returned?.errors.kind}
          required
          options={['person', 'entity'].map((one) => ({ value: one, label: t(`response.dossier.kinds.${one}`) }))}
        />
        <Select
          name="tlp"
          label={labels.tlp}
          hint={t('response.dossier.tlp-hint')}
          value={typed(returned, 'tlp', 'CLEAR')}
          error={returned?.errors.tlp}
          required
          options={tlpLabels.map((one) => ({ value: one, label: t(`markings.tlp.${one}`) }))}
        />
        <Button label={t('response.dossier.begin')} />
      </Form>
    </Section>
  )
}
