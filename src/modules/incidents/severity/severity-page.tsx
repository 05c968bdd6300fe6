import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import { LinkButton, Quiet, Section, Table, Time } from '../../../web/index.ts'
import { DatedNote, type Returned, Signed, WhatIsWrong } from '../../frame/index.ts'
import type { Incident } from '../incident.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { SeverityAssessment } from './assess.ts'
import { computeSeverity } from './compute.ts'
import { Contributions } from './contributions.tsx'
import { OtherScales } from './other-scales.tsx'
import type { SeverityMapping } from './read-mapping.ts'
import type { SeveritySchemes } from './read-schemes.ts'
import type { SeverityScheme } from './scheme.ts'
import type { ToldSeverity } from './told.ts'
import { bandWords, dayWords, figureFormat, givenLevel } from './severity-words.ts'

interface Props {
  visit: Visit
  incident: Incident
  /** Newest first. */
  assessments: readonly SeverityAssessment[]
  schemes: SeveritySchemes
  mapping: SeverityMapping
  told: readonly ToldSeverity[]
  returned?: Returned
  /** Person id → name. */
  names: ReadonlyMap<string, string>
}

/** How severe an incident is under each scheme: none of them is turned into another. */
export function SeverityPage(props: Props) {
  const { visit, incident, schemes, mapping, returned } = props
  const { t } = visit
  const levels = schemes.schemes.flatMap((scheme) => {
    const level = latest(props, scheme)?.level
    return level === undefined ? [] : [{ scale: scheme.id, level }]
  })
  const labels = Object.fromEntries(toldFields.map((name) => [name, t(`severity.${name}`)]))
  return (
    <RecordFrame visit={visit} incident={incident} title={t('severity.title')} lead={t('severity.lead')}>
      <WhatIsWrong returned={returned} labels={labels} />
      <SideBySide {...props} />
      {schemes.schemes.map((scheme) => (
        <SchemeSection key={scheme.id} {...props} scheme={scheme} />
      ))}
      <Former {...props} />
      <OtherScales {...props} levels={levels} />
      <DatedNote visit={visit} files={[...schemes.files, mapping.file]} />
    </RecordFrame>
  )
}

const toldFields = ['teller', 'said', 'toldOn', 'source'] as const

const latest = ({ assessments }: Pick<Props, 'assessments'>, scheme: SeverityScheme) =>
  assessments.find((one) => one.scheme === scheme.id)

function SideBySide(props: Props) {
  const { visit, schemes } = props
  const { t, language, viewer } = visit
  return (
    <Table
      caption={t('severity.side-by-side')}
      numeric={[2]}
      head={[t('severity.scheme'), t('severity.level'), t('severity.figure'), t('severity.answered')]}
      rows={schemes.schemes.map((scheme) => {
        const last = latest(props, scheme)
        const { most } = computeSeverity(scheme, {})
        return [
          <>
            <a href={`#${scheme.id}`}>{named(scheme.names, language)}</a>
            {scheme === schemes.shown && <Quiet small>{t('severity.is-shown')}</Quiet>}
          </>,
          last ? givenLevel(visit, scheme, last) : t('severity.none'),
          last?.figure === undefined
            ? '–'
            : t('severity.of', {
                figure: formatNumber(last.figure, language, figureFormat),
                most: formatNumber(last.result?.most ?? most, language, figureFormat),
              }),
          last ? <Time ms={last.at} zone={viewer.person.zone} language={language} short /> : '–',
        ]
      })}
    />
  )
}

function SchemeSection(props: Props & { scheme: SeverityScheme }) {
  const { visit, incident, scheme, names } = props
  const { t, language, viewer } = visit
  const last = latest(props, scheme)
  const today = last && computeSeverity(scheme, last.answers)
  const mayWrite = viewer.may('incidents:draft') && incident.state !== 'closed'
  return (
    <Section title={named(scheme.names, language)} id={scheme.id}>
      <p>{named(scheme.about, language)}</p>
      {last && today && (
        <>
          <p>
            <strong>{givenLevel(visit, scheme, last)}</strong>
          </p>
          {last.isOutdated && (
            <p>
              {t('severity.rules-changed', {
                day: dayWords(last.rulesDated, language),
                today: dayWords(scheme.dated, language),
                level: bandWords(visit, scheme, today),
              })}
            </p>
          )}
          {last.rulesDated === undefined && <Quiet>{t('severity.before-rules')}</Quiet>}
          {last.why !== '' && <p dir="auto">{last.why}</p>}
          <Signed visit={visit} by={names.get(last.by) ?? last.by} at={last.at} />
          <Contributions visit={visit} scheme={scheme} computed={today} />
        </>
      )}
      {!last && <Quiet>{t('severity.none')}</Quiet>}
      {mayWrite && (
        <p>
          <LinkButton
            plain
            href={`/incidents/${incident.id}/severity/${scheme.id}`}
            label={t(last ? 'severity.answer-anew' : 'severity.answer', { scheme: named(scheme.names, language) })}
          />
        </p>
      )}
      {scheme.judged.map(({ what, words }) => (
        <Quiet key={what} small>
          {named(words, language)}
        </Quiet>
      ))}
      <History {...props} />
    </Section>
  )
}

function History(props: Props & { scheme: SeverityScheme }) {
  const { visit, scheme, assessments, names } = props
  const { t, language, viewer } = visit
  const all = assessments.filter((one) => one.scheme === scheme.id)
  if (all.length < 2) return null
  return (
    <Table
      caption={t('severity.history')}
      numeric={[1]}
      head={[t('severity.level'), t('severity.figure'), t('severity.why'), t('severity.answered')]}
      rows={all.map((one) => [
        givenLevel(visit, scheme, one),
        one.figure === undefined ? '–' : formatNumber(one.figure, language, figureFormat),
        <bdi>{one.why === '' ? '–' : one.why}</bdi>,
        <>
          <Time ms={one.at} zone={viewer.person.zone} language={language} short />{' '}
          <bdi>{names.get(one.by) ?? one.by}</bdi>
          {one.rulesDated !== undefined && ` · ${t('severity.rules-of', { day: dayWords(one.rulesDated, language) })}`}
        </>,
      ])}
    />
  )
}

/** Answers under schemes that the house no longer has. */
function Former({ visit, assessments, schemes, names }: Props) {
  const { t, language } = visit
  const former = assessments.filter((one) => !schemes.find(one.scheme))
  if (former.length === 0) return null
  return (
    <Section title={t('severity.former')} id="former">
      <ul>
        {former.map((one) => (
          <li key={one.id}>
            {one.result ? named(one.result.words.scheme, language) : one.scheme}:{' '}
            {one.result?.words.level ? named(one.result.words.level, language) : (one.level ?? t('severity.partly'))}
            <Signed visit={visit} by={names.get(one.by) ?? one.by} at={one.at} />
          </li>
        ))}
      </ul>
    </Section>
  )
}
