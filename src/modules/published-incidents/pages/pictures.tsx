import { formatNumber, type Translate } from '../../../text/index.ts'
import type { Delay, matrixOf, Statistics } from '../statistics.ts'

interface Drawing {
  t: Translate
  language: string
}

const round = (n: number): number => Math.round(n * 10) / 10

/** Short enough to stand beside a drawing; the table under it has the whole. */
const short = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)

const rowHeight = 26

/** Who is named as initiator against where it was received: the more incidents, the larger the square. */
export function MatrixPicture({ matrix, t, language }: Drawing & { matrix: ReturnType<typeof matrixOf> }) {
  const [left, top, cell] = [170, 130, 42]
  const { initiators, victims, at, most } = matrix
  const size = { width: left + victims.length * cell + 60, height: top + initiators.length * cell + 8 }
  return (
    <svg
      class="chart published matrix"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={t('published-incidents.statistics.matrix')}
      direction="ltr"
    >
      {victims.map((victim, x) => (
        <text key={victim} transform={`translate(${left + x * cell + cell / 2} ${top - 10}) rotate(-45)`}>
          {short(victim, 18)}
        </text>
      ))}
      {initiators.map((initiator, y) => (
        <g key={initiator}>
          <text x={left - 10} y={top + y * cell + cell / 2 + 4} text-anchor="end">
            {short(initiator, 22)}
          </text>
          <line class="ruled" x1={left} x2={left + victims.length * cell} y1={top + y * cell} y2={top + y * cell} />
          {victims.map((victim, x) => {
            const n = at(initiator, victim)
            if (n === 0) return null
            const side = round(8 + (cell - 10) * Math.sqrt(n / most))
            const middle = { x: left + x * cell + cell / 2, y: top + y * cell + cell / 2 }
            return (
              <g key={victim}>
                <rect class="amount" x={middle.x - side / 2} y={middle.y - side / 2} width={side} height={side} />
                <text class="count" x={middle.x} y={middle.y + 4} text-anchor="middle">
                  {formatNumber(n, language)}
                </text>
              </g>
            )
          })}
        </g>
      ))}
    </svg>
  )
}

/** One row of bars per type, all on one scale; years run from left to right. */
export function YearsPicture({ years, types, t, language }: Drawing & { years: Statistics['years']; types: string[] }) {
  const [left, height, gap, width] = [190, 56, 20, 640]
  const all = years.map(({ year }) => year)
  const [first, last] = [Math.min(...all), Math.max(...all)]
  const step = width / (last - first + 1)
  const most = Math.max(1, ...years.map(({ n }) => n))
  const bottom = (row: number) => (row + 1) * (height + gap)
  const labels = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter((year) => year % 5 === 0)
  return (
    <svg
      class="chart published"
      viewBox={`0 0 ${left + width + 50} ${bottom(types.length - 1) + 28}`}
      role="img"
      aria-label={t('published-incidents.statistics.years')}
      direction="ltr"
    >
      {types.map((type, row) => (
        <g key={type}>
          <text x={left - 12} y={bottom(row) - 4} text-anchor="end">
            {short(t(`published-incidents.type.${type}`), 26)}
          </text>
          <line class="ruled" x1={left} x2={left + width} y1={bottom(row)} y2={bottom(row)} />
          {years
            .filter((one) => one.type === type)
            .map(({ year, n }) => {
              const tall = round((height * n) / most)
              const x = round(left + (year - first) * step)
              return <rect key={year} class="bar" x={x} y={bottom(row) - tall} width={round(step - 2)} height={tall} />
            })}
        </g>
      ))}
      <text x={left + width + 6} y={bottom(0) - height + 6}>
        {formatNumber(most, language)}
      </text>
      <line class="ruled" x1={left} x2={left + width} y1={bottom(0) - height} y2={bottom(0) - height} />
      {labels.map((year) => (
        <text
          key={year}
          x={round(left + (year - first + 0.5) * step)}
          y={bottom(types.length - 1) + 20}
          text-anchor="middle"
        >
          {formatNumber(year, language, { useGrouping: false })}
        </text>
      ))}
    </svg>
  )
}

const marks = [1, 7, 30, 365, 3650]

/** Middle half and median of days to attribution, on a scale that shows days and years alike. */
export function DelaysPicture({ delays, t, language }: Drawing & { delays: readonly Delay[] }) {
  const [left, width] = [190, 600]
  const shown = delays.filter(({ quartiles }) => quartiles)
  const far = Math.log10(Math.max(3650, ...shown.map(({ quartiles }) => quartiles?.[2] ?? 0)) + 1)
  const x = (days: number) => round(left + (width * Math.log10(days + 1)) / far)
  const height = shown.length * rowHeight + 46
  return (
    <svg
      class="chart published"
      viewBox={`0 0 ${left + width + 50} ${height}`}
      role="img"
      aria-label={t('published-incidents.statistics.delays')}
      direction="ltr"
    >
      {marks.map((days) => (
        <g key={days}>
          <line class="ruled" x1={x(days)} x2={x(days)} y1={6} y2={height - 30} />
          <text x={x(days)} y={height - 10} text-anchor="middle">
            {t('published-incidents.statistics.days', { count: days })}
          </text>
        </g>
      ))}
      {shown.map(({ group, quartiles, usable }, row) => {
        const [low, middle, high] = quartiles ?? [0, 0, 0]
        const y = 22 + row * rowHeight
        return (
          <g key={group}>
            <text x={left - 12} y={y + 4} text-anchor="end">
              {short(t(`published-incidents.group.${group}`), 26)}
            </text>
            <line class="half" x1={x(low)} x2={Math.max(x(high), x(low) + 1)} y1={y} y2={y} />
            <circle class="median" cx={x(middle)} cy={y} r={6} />
            <text x={left + width + 8} y={y + 4}>
              {formatNumber(usable, language)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}

/** Incidents by intensity, and how many of them were answered. */
export function AnsweredPicture({ bands, t, language }: Drawing & { bands: Statistics['bands'] }) {
  const [left, width] = [190, 560]
  const most = Math.max(1, ...bands.map(({ n }) => n))
  return (
    <svg
      class="chart published"
      viewBox={`0 0 ${left + width + 110} ${bands.length * rowHeight + 8}`}
      role="img"
      aria-label={t('published-incidents.statistics.answered')}
      direction="ltr"
    >
      {bands.map(({ band, n, answered }, row) => {
        const y = 4 + row * rowHeight
        return (
          <g key={String(band)}>
            <text x={left - 12} y={y + 16} text-anchor="end">
              {band === null ? t('published-incidents.not-said') : formatNumber(band, language)}
            </text>
            <rect class="bar all" x={left} y={y + 4} width={round((width * n) / most)} height={16} />
            <rect class="bar" x={left} y={y + 4} width={round((width * answered) / most)} height={16} />
            <text x={left + round((width * n) / most) + 8} y={y + 17}>
              {`${formatNumber(answered, language)} / ${formatNumber(n, language)}`}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
