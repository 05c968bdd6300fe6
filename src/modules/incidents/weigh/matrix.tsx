import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { Details, Quiet, Section, Table, TlpLabel } from '../../../web/index.ts'
import { InCompartment } from '../pages/parts.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { type Consistency, weightOf } from './marks.ts'
import { MatrixLinks, MatrixPages } from './matrix-links.tsx'
import { itemsOf, type MatrixView } from './matrix-view.ts'
import { type Evidence, type Hypothesis, standing } from './weighing.ts'
import { hypothesisShort } from './weighing-labels.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
  /** Files that may be seen, by the id of their item. */
  files?: ReadonlyMap<string, number>
  view: MatrixView
}

/** Every item of evidence against every hypothesis. */
export function Matrix({ visit, loaded, files, view: asked }: Props) {
  const { t } = visit
  const { weighing, withheld } = loaded
  const { evidence } = weighing
  const hypotheses = standing(weighing.hypotheses)
  const { items, count, pages, page } = itemsOf({ ...weighing, hypotheses }, asked)
  const view = { ...asked, page }
  const incident = loaded.incident.id
  if (weighing.hypotheses.length === 0) return <Quiet>{t('incidents.weighing.none')}</Quiet>
  return (
    <Section title={t('incidents.weighing.matrix')} id="matrix">
      <ul>
        {hypotheses.map((one) => (
          <li key={one.id}>
            <strong>{hypothesisShort(visit, one)}</strong>{' '}
            <a href={`/incidents/${incident}/hypotheses/${one.id}`}>
              <bdi>{one.words}</bdi>
            </a>
          </li>
        ))}
      </ul>
      {hypotheses.length < weighing.hypotheses.length && (
        <Details
          summary={t('weighing.hypothesis.not-standing', { count: weighing.hypotheses.length - hypotheses.length })}
        >
          <ul>
            {weighing.hypotheses
              .filter((one) => one.state !== 'standing')
              .map((one) => (
                <li key={one.id}>
                  <strong>{hypothesisShort(visit, one)}</strong>{' '}
                  <a href={`/incidents/${incident}/hypotheses/${one.id}`}>
                    <bdi>{one.words}</bdi>
                  </a>{' '}
                  {t(`weighing.hypothesis.state-${one.state}`)} <bdi>{one.steps.at(-1)?.why}</bdi>
                </li>
              ))}
          </ul>
        </Details>
      )}
      {evidence.length === 0 ? (
        <Quiet>{t('incidents.weighing.no-evidence')}</Quiet>
      ) : (
        <>
          <MatrixLinks {...{ visit, incident, view, hypotheses }} />
          <Quiet small>{t('weighing.view.count', { count, all: evidence.length })}</Quiet>
          {items.length > 0 && (
            <Table
              cards
              caption={t('incidents.weighing.matrix-caption')}
              head={[
                t('incidents.weighing.item'),
                t('weighing.lens.title'),
                t('incidents.weighing.grade'),
                t('incidents.weighing.weight'),
                t('weighing.tells-apart'),
                ...hypotheses.map((one) => hypothesisShort(visit, one)),
              ]}
              numeric={[3, 4]}
              rows={items.map((item) =>
                matrixRow(visit, loaded, { item, files: files?.get(item.id) ?? 0 }, hypotheses),
              )}
            />
          )}
          <MatrixPages {...{ visit, incident, view, pages }} />
        </>
      )}
      {withheld.evidence > 0 && <Quiet>{t('incidents.weighing.withheld', { count: withheld.evidence })}</Quiet>}
      <Quiet small>{t('incidents.weighing.scale')}</Quiet>
      <Quiet small>{t('weighing.formula')}</Quiet>
      <p>
        <a href={`/incidents/${incident}/weighing/sensitivity`}>{t('weighing.sensitivity.title')}</a> ·{' '}
        <a href={`/incidents/${incident}/weighing/diamond`}>{t('diamond.title')}</a>
      </p>
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
          · {t('need-to-know.source.identity')}: <bdi>{identity}</bdi> ·{' '}
          <a href={`/incidents/${incident.id}/evidence/${item.id}/source`}>
            {t('need-to-know.source.hand-on', { number: item.number })}
          </a>
        </span>
      )}
      {item.withdrawnAt !== undefined && <span class="quiet small"> · {t('incidents.weighing.withdrawn')}</span>} ·{' '}
      <a href={`/incidents/${incident.id}/evidence/${item.id}/files`}>
        {t('incidents.files.link', { number: item.number, count: files })}
      </a>
      {' · '}
      <a href={`/incidents/${incident.id}/evidence/${item.id}`}>
        {t(mayGrade ? 'incidents.weighing.regrade-item' : 'weighing.grades.title', { number: item.number })}
      </a>
    </>,
    item.lens ? t(`weighing.lens.${item.lens}`) : '–',
    <abbr
      title={`${t(`incidents.reliability.${item.reliability}`)} · ${t(`incidents.credibility.${item.credibility}`)}`}
    >{`${item.reliability}${item.credibility}`}</abbr>,
    item.withdrawnAt !== undefined ? '–' : weight === undefined ? t('incidents.weighing.not-counted') : String(weight),
    item.withdrawnAt !== undefined ? '–' : String(loaded.weighing.ranking.diagnosticity[item.id] ?? 0),
    ...hypotheses.map((one) => markCell(visit, item.marks[one.id])),
  ]
}

function markCell({ t }: Visit, mark: Consistency | undefined): ComponentChildren {
  if (mark === undefined) return <abbr title={t('weighing.not-judged')}>?</abbr>
  return <bdi dir="ltr">{mark === 'na' ? t('incidents.consistency.na-short') : mark.replaceAll('-', '−')}</bdi>
}
