import type { Visit } from '../../../core/module/types.ts'
import { formatList, formatNumber } from '../../../text/index.ts'
import { Quiet, Section, Table } from '../../../web/index.ts'
import { RecordFrame } from '../pages/record-frame.tsx'
import type { LoadedIncident } from '../read/load-incident.ts'
import { unjudged } from './matrix-view.ts'
import { mostItemsForPairs, sensitivityOf, type Turn } from './sensitivity.ts'
import { inForce, standing } from './weighing.ts'
import { hypothesisShort } from './weighing-labels.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
}

/** What the order hangs on: single items, single steps, pairs; and what nobody judged yet. */
export function SensitivityPage({ visit, loaded }: Props) {
  const { t, language } = visit
  const { incident, weighing } = loaded
  const hypotheses = standing(weighing.hypotheses)
  const evidence = inForce(weighing.evidence)
  const { turns, pairs, pairCount } = sensitivityOf(
    hypotheses.map((one) => one.id),
    evidence,
  )
  const item = (id: string) => formatNumber(evidence.find((one) => one.id === id)?.number ?? 0, language)
  const named = (ids: readonly string[]) =>
    formatList(
      hypotheses.filter((one) => ids.includes(one.id)).map((one) => hypothesisShort(visit, one)),
      language,
    )
  const what = (turn: Turn) =>
    turn.what === 'mark'
      ? t('weighing.sensitivity.mark', { hypotheses: named([turn.hypothesis ?? '']) })
      : t(`incidents.weighing.${turn.what}`)
  const step = (words: string) => <bdi dir="ltr">{words.replaceAll('-', '−')}</bdi>
  const missing = hypotheses.map((one) => ({
    one,
    count: evidence.filter((item) => unjudged(item, [one]).length > 0).length,
  }))
  return (
    <RecordFrame
      visit={visit}
      incident={incident}
      title={t('weighing.sensitivity.title')}
      lead={t('weighing.sensitivity.lead')}
      back={{ href: `/incidents/${incident.id}/weighing`, label: t('incidents.weighing.title') }}
    >
      <Section title={t('weighing.sensitivity.items')} id="items">
        {weighing.ranking.decisive.length === 0 ? (
          <Quiet>{t('incidents.weighing.not-decisive')}</Quiet>
        ) : (
          <ul>
            {weighing.ranking.decisive.map((one) => (
              <li key={one.evidence}>
                {t('weighing.sensitivity.without', { item: item(one.evidence), hypotheses: named(one.leading) })}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('weighing.sensitivity.steps')} id="steps">
        {turns.length === 0 ? (
          <Quiet>{t('weighing.sensitivity.no-step')}</Quiet>
        ) : (
          <Table
            cards
            caption={t('weighing.sensitivity.steps-caption', { count: turns.length })}
            head={[
              t('incidents.weighing.item'),
              t('weighing.sensitivity.what'),
              t('weighing.sensitivity.from'),
              t('weighing.sensitivity.to'),
              t('weighing.sensitivity.then'),
            ]}
            rows={turns.map((turn) => [
              item(turn.evidence),
              what(turn),
              step(turn.from),
              step(turn.to),
              named(turn.leading),
            ])}
          />
        )}
      </Section>
      <Section title={t('weighing.sensitivity.pairs')} id="pairs">
        {pairs.length > 0 && (
          <ul>
            {pairs.map(({ evidence: [one, other], leading }) => (
              <li key={one + other}>
                {t('weighing.sensitivity.without-both', {
                  one: item(one),
                  other: item(other),
                  hypotheses: named(leading),
                })}
              </li>
            ))}
          </ul>
        )}
        <Quiet>
          {evidence.length - weighing.ranking.excluded.length > mostItemsForPairs
            ? t('weighing.sensitivity.pairs-not-looked', { limit: mostItemsForPairs })
            : t('weighing.sensitivity.pair-count', { count: pairCount, shown: pairs.length })}
        </Quiet>
      </Section>
      <Section title={t('weighing.sensitivity.missing')} id="missing">
        <ul>
          {missing.map(({ one, count }) => (
            <li key={one.id}>
              <a href={`/incidents/${incident.id}/hypotheses/${one.id}`}>{hypothesisShort(visit, one)}</a>{' '}
              {t('weighing.sensitivity.missing-count', { count })}
            </li>
          ))}
        </ul>
      </Section>
    </RecordFrame>
  )
}
