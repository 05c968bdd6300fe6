import { formatNumber, type Translate } from '../../../text/index.ts'
import { BarsChart, MatrixChart, QuartilesChart, TimeRowsChart } from '../../../web/index.ts'
import type { Delay, matrixOf, Statistics } from '../statistics.ts'

interface Drawing {
  t: Translate
  language: string
}

/** Who is named as initiator against where it was received: the more incidents, the larger the square. */
export function MatrixPicture({ matrix, t, language }: Drawing & { matrix: ReturnType<typeof matrixOf> }) {
  const { initiators, victims, at } = matrix
  return (
    <MatrixChart
      label={t('published-incidents.statistics.matrix')}
      rows={initiators}
      columns={victims}
      at={(row, column) => {
        const n = at(initiators[row] ?? '', victims[column] ?? '')
        return { n, words: formatNumber(n, language) }
      }}
    />
  )
}

/** One row of bars per type, all on one scale; years run from left to right. */
export function YearsPicture({ years, types, t, language }: Drawing & { years: Statistics['years']; types: string[] }) {
  const all = years.map(({ year }) => year)
  const [first, last] = [Math.min(...all), Math.max(...all)]
  const shown = Array.from({ length: last - first + 1 }, (_, at) => first + at)
  const counts = new Map(years.map(({ year, type, n }) => [`${year} ${type}`, n]))
  return (
    <TimeRowsChart
      label={t('published-incidents.statistics.years')}
      rows={types.map((type) => ({
        label: t(`published-incidents.type.${type}`),
        values: shown.map((year) => counts.get(`${year} ${type}`) ?? 0),
      }))}
      ticks={shown.flatMap((year, at) =>
        year % 5 === 0 ? [{ at, label: formatNumber(year, language, { useGrouping: false }) }] : [],
      )}
      top={(most) => formatNumber(most, language)}
    />
  )
}

/** Middle half and median of days to attribution, on a scale that shows days and years alike. */
export function DelaysPicture({ delays, t, language }: Drawing & { delays: readonly Delay[] }) {
  return (
    <QuartilesChart
      label={t('published-incidents.statistics.delays')}
      rows={delays.flatMap(({ group, quartiles, usable }) =>
        quartiles
          ? [{ label: t(`published-incidents.group.${group}`), quartiles, words: formatNumber(usable, language) }]
          : [],
      )}
      days={(count) => t('published-incidents.statistics.days', { count })}
    />
  )
}

/** Incidents by intensity, and how many of them were answered. */
export function AnsweredPicture({ bands, t, language }: Drawing & { bands: Statistics['bands'] }) {
  return (
    <BarsChart
      label={t('published-incidents.statistics.answered')}
      rows={bands.map(({ band, n, answered }) => ({
        label: band === null ? t('published-incidents.not-said') : formatNumber(band, language),
        ...{ n, part: answered },
        words: `${formatNumber(answered, language)} / ${formatNumber(n, language)}`,
      }))}
    />
  )
}
