import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Entry, Field, Form, FormLine, Hidden, LiveRegion, Quiet, Section, Select } from '../../../web/index.ts'
import { DatedNote, type Returned, returnedTo, Signed, WhatIsWrong } from '../../frame/index.ts'
import type { LoadedClocks } from '../load-clocks.ts'
import { roles } from '../regimes.ts'
import { AwarenessFields, ClocksFrame, labelsOf, momentText, Standing } from './parts.tsx'

interface Props {
  visit: Visit
  loaded: LoadedClocks
  returned?: Returned
}

/** Which laws want to be told of an incident, by when, and what was sent. */
export function ClocksPage(props: Props) {
  const { visit, loaded, returned } = props
  const { t, viewer } = visit
  const { incident, file } = loaded
  return (
    <ClocksFrame
      visit={visit}
      incident={incident}
      title={t('legal-clocks.title')}
      lead={t('legal-clocks.lead')}
      back={{ href: `/incidents/${incident.id}`, label: t('incidents.action.back', { name: incident.codeName }) }}
    >
      <LiveRegion topic={`incident:${incident.id}`} id="legal-clocks">
        <Matters {...props} />
      </LiveRegion>
      {incident.state !== 'closed' && viewer.may('incidents:draft') && (
        <Section title={t('legal-clocks.begin.title')} id="begin">
          <WhatIsWrong returned={returned} labels={labelsOf(visit)} />
          <BeginForm {...props} />
        </Section>
      )}
      <DatedNote visit={visit} files={[file]} />
    </ClocksFrame>
  )
}

function Matters({ visit, loaded }: Props) {
  const { t, language } = visit
  const { incident, matters, nameOf } = loaded
  return (
    <Section title={t('legal-clocks.matters')} id="matters">
      {matters.length === 0 && <Quiet>{t('legal-clocks.none')}</Quiet>}
      {matters.map((matter) => (
        <Entry key={matter.id} margin={<Signed visit={visit} by={nameOf(matter.trigger.by)} at={matter.trigger.at} />}>
          <FormLine>
            {matter.regime?.law ?? matter.trigger.regime} · {t(`legal-clocks.role.${matter.trigger.role}`)}
            {matter.regime?.unconfirmed && ` · ${t('dated-data.unconfirmed')}`}
          </FormLine>
          <h3>
            <a href={`/incidents/${incident.id}/clocks/${matter.id}`}>
              {matter.regime ? named(matter.regime.names, language) : matter.trigger.regime}
            </a>
          </h3>
          <p>
            <bdi>{matter.trigger.entity}</bdi> → <bdi>{matter.trigger.authority}</bdi> ·{' '}
            {momentText(visit, matter.trigger)}
          </p>
          {matter.trigger.withdrawn && <p>{t('legal-clocks.withdrawn')}</p>}
          <ul>
            {matter.terms.map((standing) => (
              <li key={standing.term.id}>
                <a href={`/incidents/${incident.id}/clocks/${matter.id}/${standing.term.id}`}>
                  {named(standing.term.names, language)}
                </a>{' '}
                <Standing visit={visit} matter={matter} standing={standing} />
              </li>
            ))}
          </ul>
          {matter.overtaken.length > 0 && (
            <p>{t('legal-clocks.overtaken-short', { count: matter.overtaken.length })}</p>
          )}
        </Entry>
      ))}
    </Section>
  )
}

function BeginForm({ visit, loaded, returned }: Props) {
  const { t, language } = visit
  const { value, error } = returnedTo(returned, 'begin')
  const laws = loaded.file.content.regimes.flatMap((regime) =>
    roles
      .filter((role) => regime.terms.some((term) => term.role === role))
      .map((role) => ({
        value: `${regime.id}:${role}`,
        label: `${named(regime.names, language)} · ${t(`legal-clocks.role.${role}`)}`,
      })),
  )
  return (
    <Form action={`/incidents/${loaded.incident.id}/clocks`}>
      <Hidden name="id" value={newId()} />
      <Select
        name="law"
        label={t('legal-clocks.field.law')}
        value={value('law')}
        error={error('law')}
        required
        placeholder={t('incidents.write.choose')}
        options={laws}
      />
      <Field
        name="entity"
        label={t('legal-clocks.field.entity')}
        value={value('entity')}
        error={error('entity')}
        required
        maxlength={300}
        width="long"
      />
      <Field
        name="authority"
        label={t('legal-clocks.field.authority')}
        value={value('authority')}
        error={error('authority')}
        required
        maxlength={300}
        width="long"
      />
      <AwarenessFields visit={visit} value={value} error={error} />
      <Button label={t('legal-clocks.begin.save')} />
    </Form>
  )
}
