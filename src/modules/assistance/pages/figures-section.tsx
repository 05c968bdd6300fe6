import type { Visit } from '../../../core/module/types.ts'
import { formatDuration, formatNumber } from '../../../text/index.ts'
import { Quiet, Section, Table } from '../../../web/index.ts'
import type { Figure } from '../figures.ts'

/** Bars of the median time to the first answer, and all of it as a table. */
export function FiguresSection({ visit, figures }: { visit: Visit; figures: readonly Figure[] }) {
  const { t, language, services } = visit
  if (figures.length === 0) return null
  const took = (count: number, of: number, median: number | null) =>
    median === null
      ? t('assistance.figures.none-of', { of: formatNumber(of, language) })
      : t('assistance.figures.took', {
          time: formatDuration(median, language),
          count: formatNumber(count, language),
          of: formatNumber(of, language),
        })
  return (
    <Section title={t('assistance.figures.title')} id="figures">
      <Quiet small>{t('assistance.figures.method')}</Quiet>
      <Table
        caption={t('assistance.figures.title')}
        quietCaption
        head={['party', 'kind', 'acknowledged', 'answered', 'executed'].map((one) => t(`assistance.figures.${one}`))}
        rows={figures.map((one) => [
          one.party === services.party ? t('assistance.figures.we') : services.nameOf(one.party, language),
          t(`requests.kind.${one.kind}`),
          took(one.acknowledged, one.requests, one.toAcknowledge),
          took(one.answered, one.requests, one.toAnswer),
          took(one.executed, one.requests, one.toExecute),
        ])}
      />
    </Section>
  )
}
