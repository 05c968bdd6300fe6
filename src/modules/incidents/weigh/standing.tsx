import type { Visit } from '../../../core/module/types.ts'
import { formatList, formatNumber } from '../../../text/index.ts'
import { Quiet, Section, Table } from '../../../web/index.ts'
import type { LoadedIncident } from '../read/load-incident.ts'
import { leaders } from './ranking.ts'

interface Props {
  visit: Visit
  loaded: LoadedIncident
}

/** What the figures say, and which single item they hang on. */
export function Standing({ visit, loaded: { weighing } }: Props) {
  const { t, language } = visit
  const { hypotheses, evidence, ranking } = weighing
  if (hypotheses.length === 0) return null
  const hypothesis = (id: string) => hypotheses.find((one) => one.id === id)
  const item = (id: string) => evidence.find((one) => one.id === id)
  const items = (ids: string[]) =>
    formatList(
      ids.flatMap((id) => item(id) ?? []).map((one) => formatNumber(one.number, language)),
      language,
    )
  const leading = leaders(ranking.ranked)
  return (
    <Section title={t('incidents.weighing.standing')} id="standing">
      <p>
        {leading.length === 1
          ? t('incidents.weighing.one-leads', { hypothesis: hypothesis(leading[0] ?? '')?.number ?? 0 })
          : t('incidents.weighing.none-leads')}
      </p>
      <Table
        caption={t('incidents.weighing.least-contradicted')}
        numeric={[2, 3]}
        head={[
          t('incidents.weighing.place'),
          t('incidents.weighing.hypothesis'),
          t('incidents.weighing.against'),
          t('incidents.weighing.for'),
        ]}
        rows={ranking.ranked.map((one) => [
          String(one.place),
          <>
            {t('incidents.hypothesis-short', { number: hypothesis(one.hypothesis)?.number ?? 0 })}{' '}
            <bdi>{hypothesis(one.hypothesis)?.words}</bdi>
          </>,
          String(one.points),
          String(one.support),
        ])}
      />
      <ul>
        {ranking.decisive.flatMap((one) => {
          const found = item(one.evidence)
          if (!found) return []
          const others = formatList(
            one.leading.map((id) => t('incidents.hypothesis-short', { number: hypothesis(id)?.number ?? 0 })),
            language,
          )
          return [
            <li key={one.evidence}>
              {t('incidents.weighing.decisive', { number: found.number, hypotheses: others })}
            </li>,
          ]
        })}
        {ranking.decisive.length === 0 && evidence.length > 0 && <li>{t('incidents.weighing.not-decisive')}</li>}
        {ranking.excluded.length > 0 && (
          <li>
            {t('incidents.weighing.excluded', { items: items(ranking.excluded), count: ranking.excluded.length })}
          </li>
        )}
        {ranking.undiagnostic.length > 0 && (
          <li>
            {t('incidents.weighing.undiagnostic', {
              items: items(ranking.undiagnostic),
              count: ranking.undiagnostic.length,
            })}
          </li>
        )}
      </ul>
      <Quiet small>{t('incidents.weighing.people-judge')}</Quiet>
    </Section>
  )
}
