import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { newId } from '../../../protocol/index.ts'
import { Button, Entry, Form, FormLine, Hidden, Quiet, RadioGroup } from '../../../web/index.ts'
import { countryName } from '../facts/particular.ts'
import type { Incident } from '../incident.ts'
import { From } from '../merge/joined-parts.tsx'
import { type Returned, WhatIsWrong } from '../../frame/index.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { Alike, AlikeReason } from './list-alike.ts'

interface Props {
  visit: Visit
  incident: Incident
  alike: readonly Alike[]
  /** Those that are not the same are listed too. */
  all: boolean
  returned?: Returned
}

/** Incidents that may be the same as this one, each with why, and what a person says of it. */
export function AlikePage({ visit, incident, alike, all, returned }: Props) {
  const { t, viewer } = visit
  return (
    <RecordFrame visit={visit} incident={incident} title={t('incidents-alike.title')} lead={t('incidents-alike.lead')}>
      <WhatIsWrong returned={returned} labels={{ word: t('incidents-alike.word') }} />
      {alike.length === 0 && <Quiet>{t('incidents-alike.none')}</Quiet>}
      {alike.map((one) => (
        <Entry key={one.id} margin={one.word && <p>{t(`incidents-alike.said.${one.word}`)}</p>}>
          <FormLine>{one.reference}</FormLine>
          <h2>
            <From incident={one} />
          </h2>
          <p dir="auto">{one.title}</p>
          <ul>
            {one.reasons.map((reason) => (
              <li key={reason.kind}>
                <Reason visit={visit} reason={reason} />
              </li>
            ))}
          </ul>
          {viewer.may('incidents:draft') && <Say visit={visit} incident={incident} one={one} />}
          {one.word === 'same' && viewer.may('incidents:manage') && (
            <p>
              <a href={`/incidents/${incident.id}/merge?into=${one.id}`}>
                {t('incidents-alike.merge', { reference: one.reference })}
              </a>
            </p>
          )}
        </Entry>
      ))}
      {!all && (
        <p>
          <a href={`/incidents/${incident.id}/alike?all`}>{t('incidents-alike.all')}</a>
        </p>
      )}
    </RecordFrame>
  )
}

function Reason({ visit: { t, language }, reason }: { visit: Visit; reason: AlikeReason }) {
  if ('codes' in reason) {
    const names = reason.codes.map((code) =>
      reason.kind === 'sectors' ? t(`particulars.sector.${code}`) : (countryName(code, language) ?? code),
    )
    return (
      <>
        {t(`incidents-alike.reason.${reason.kind}`, { count: names.length })} {formatList(names, language)}
      </>
    )
  }
  if (!('count' in reason)) return <>{t(`incidents-alike.reason.${reason.kind}`)}</>
  return (
    <>
      {t(`incidents-alike.reason.${reason.kind}`, { count: reason.count })} <bdi>{reason.example}</bdi>
    </>
  )
}

function Say({ visit: { t }, incident, one }: { visit: Visit; incident: Incident; one: Alike }) {
  return (
    <Form action={`/incidents/${incident.id}/alike`}>
      <Hidden name="id" value={newId()} />
      <Hidden name="other" value={one.id} />
      <RadioGroup
        name="word"
        label={t('incidents-alike.ask', { reference: one.reference })}
        required
        value={one.word ?? ''}
        options={(['same', 'related', 'not-same'] as const).map((word) => ({
          value: word,
          label: t(`incidents-alike.said.${word}`),
        }))}
      />
      <Button plain label={t('incidents-alike.say', { reference: one.reference })} />
    </Form>
  )
}
