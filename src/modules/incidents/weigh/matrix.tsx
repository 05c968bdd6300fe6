import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { Quiet, Section, Table, TlpLabel } from '../../../web/index.ts'
import { InCompartment } from '../pages/parts.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { weightOf } from './ranking.ts'
import type { Evidence, Hypothesis } from './weigh-hypotheses.ts'
import { hypothesisShort } from './weighing-labels.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  /** Files that may be seen, by the id of their item. */
  files?: ReadonlyMap<string, number>
}

/** Every item of evidence against every hypothesis. */
export function Matrix({ visit, loaded, files }: Props) {
  const { t } = visit
  const { weighing, withheld } = loaded
  const { hypotheses, evidence } = weighing
  if (hypotheses.length === 0) return <Quiet>{t('incidents.weighing.none')}</Quiet>
  return (
    <Section title={t('incidents.weighing.matrix')} id="matrix">
      <ul>
        {hypotheses.map((one) => (
          <li key={one.id}>
            <strong>{hypothesisShort(visit, one)}</strong> <bdi>{one.words}</bdi>
          </li>
        ))}
      </ul>
      {evidence.length === 0 ? (
        <Quiet>{t('incidents.weighing.no-evidence')}</Quiet>
      ) : (
        <Table
          caption={t('incidents.weighing.matrix-caption')}
          head={[
            t('incidents.weighing.item'),
            t('incidents.weighing.grade'),
            t('incidents.weighing.weight'),
            ...hypotheses.map((one) => hypothesisShort(visit, one)),
          ]}
          rows={evidence.map((item) => matrixRow(visit, loaded, { item, files: files?.get(item.id) ?? 0 }, hypotheses))}
        />
      )}
      {withheld.evidence > 0 && <Quiet>{t('incidents.weighing.withheld', { count: withheld.evidence })}</Quiet>}
      <Quiet small>{t('incidents.weighing.scale')}</Quiet>
    </Section>
  )
}

function matrixRow(
  visit: Visit,
  loaded: LoadedIncident,
  { item, files }: { item: Evidence; files: number },
  hypotheses: readonly Hypothesis[],
): ComponentChildren[] {
  const { t, viewer } = visit
  const { incident } = loaded
  const identity = loaded.sources.get(item.id)?.identity
  const mayGrade = viewer.may('incidents:draft') && incident.state !== 'closed' && item.withdrawnAt === undefined
  const weight = weightOf(item)
  return [
    <>
      {item.number}. <bdi>{item.words}</bdi> <TlpLabel marking={{ tlp: item.tlp }} />
      <span class="quiet small">
        {' '}
        · {t('incidents.weighing.source')}: <bdi>{item.source}</bdi>
      </span>
      <InCompartment of={item.compartment} compartments={loaded.compartments} />
      {identity && (
        <span class="quiet small">
          {' '}
          · {t('need-to-know.source.identity')}: <bdi>{identity}</bdi>
        </span>
      )}
      {item.withdrawnAt !== undefined && <span class="quiet small"> · {t('incidents.weighing.withdrawn')}</span>} ·{' '}
      <a href={`/incidents/${incident.id}/evidence/${item.id}/files`}>
        {t('incidents.files.link', { number: item.number, count: files })}
      </a>
      {mayGrade && (
        <>
          {' '}
          ·{' '}
          <a href={`/incidents/${incident.id}/evidence/${item.id}`}>
            {t('incidents.weighing.regrade-item', { number: item.number })}
          </a>
        </>
      )}
    </>,
    <abbr
      title={`${t(`incidents.reliability.${item.reliability}`)} · ${t(`incidents.credibility.${item.credibility}`)}`}
    >{`${item.reliability}${item.credibility}`}</abbr>,
    item.withdrawnAt !== undefined ? '–' : weight === undefined ? t('incidents.weighing.not-counted') : String(weight),
    ...hypotheses.map((one) => <bdi dir="ltr">{markText(visit, item.marks[one.id] ?? 'na')}</bdi>),
  ]
}

const markText = ({ t }: Visit, mark: string): string =>
  mark === 'na' ? t('incidents.consistency.na-short') : mark.replaceAll('-', '−')
