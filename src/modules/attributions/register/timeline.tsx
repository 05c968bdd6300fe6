import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'

export interface TimelinePoint {
  number: number
  /** ms. */
  at: number
}

const width = 640
const left = 24
const right = 616
const line = 56
const dayMs = 86_400_000

/** Days between two moments, counted whole; before the start they are negative. */
export const daysBetween = (start: number, at: number): number => Math.floor((at - start) / dayMs)

/** From the start of the incident to each attribution, by its number in the table beneath. */
export function Timeline({ visit, start, points }: { visit: Visit; start: number; points: readonly TimelinePoint[] }) {
  const { t, language } = visit
  if (points.length === 0) return null
  const first = Math.min(start, ...points.map(({ at }) => at))
  const last = Math.max(start + dayMs, ...points.map(({ at }) => at))
  const x = (at: number) => left + ((right - left) * (at - first)) / (last - first)
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} 112`}
      role="img"
      aria-label={t('attributions.timeline.title')}
      direction="ltr"
    >
      <path d={`M${left} ${line}H${right}`} fill="none" stroke="currentColor" stroke-width="1" opacity="0.4" />
      <path d={`M${x(start)} ${line - 14}V${line + 14}`} stroke="currentColor" stroke-width="2.5" />
      <text x={x(start)} y={line + 34} text-anchor={x(start) > width / 2 ? 'end' : 'start'}>
        {t('attributions.timeline.start')}
      </text>
      {points.map(({ number, at }, place) => (
        <g key={number}>
          <circle cx={x(at)} cy={line} r="5" fill="currentColor" />
          {/* Numbers of points that lie close together stand at two heights. */}
          <text x={x(at)} y={line - (place % 2 === 0 ? 12 : 28)} text-anchor="middle">
            {formatNumber(number, language)}
          </text>
        </g>
      ))}
      <text x={right} y={line + 50} text-anchor="end">
        {t('attributions.timeline.days', { days: daysBetween(start, last) })}
      </text>
    </svg>
  )
}
