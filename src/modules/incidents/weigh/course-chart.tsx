import type { Translate } from '../../../text/index.ts'
import type { Assessment, Hypothesis } from './weighing.ts'
import type { RankedHypothesis } from './ranking.ts'

interface Props {
  hypotheses: readonly Hypothesis[]
  assessments: readonly Assessment[]
  now: readonly RankedHypothesis[]
  t: Translate
}

const width = 640
const left = 56
const right = 560
const top = 28
const bottom = 236
const dashes = ['', '10 5', '2 5', '12 4 2 4', '6 3', '1 3']

/** How the ranking ran: one line per hypothesis, the least contradicted at the top; the table beneath says the same. */
export function CourseChart({ hypotheses, assessments, now, t }: Props) {
  const stops = [
    ...assessments.map((one) => ({ label: String(one.number), ranking: one.ranking })),
    { label: t('incidents.course.now'), ranking: now },
  ]
  if (stops.length < 2 || hypotheses.length === 0) return null
  const most = Math.max(1, ...stops.flatMap((stop) => stop.ranking.map((one) => one.points)))
  const x = (stop: number) => left + ((right - left) * stop) / (stops.length - 1)
  const y = (points: number) => top + ((bottom - top) * points) / most
  return (
    <svg class="chart" viewBox={`0 0 ${width} 280`} role="img" aria-label={t('incidents.course.title')} direction="ltr">
      <text x={left - 8} y={top + 4} text-anchor="end">
        0
      </text>
      <text x={left - 8} y={bottom + 4} text-anchor="end">
        {most}
      </text>
      <path d={`M${left} ${top}V${bottom}H${right}`} fill="none" stroke="currentColor" stroke-width="1" opacity="0.4" />
      {stops.map((stop, at) => (
        <text key={stop.label} x={x(at)} y={bottom + 22} text-anchor="middle">
          {stop.label}
        </text>
      ))}
      {hypotheses.map((hypothesis, at) => (
        <Line
          key={hypothesis.id}
          hypothesis={hypothesis}
          dash={dashes[at % dashes.length] ?? ''}
          shift={at * 3 - 3}
          t={t}
          points={stops.flatMap((stop, place) => {
            const ranked = stop.ranking.find((one) => one.hypothesis === hypothesis.id)
            return ranked ? [{ x: x(place), y: y(ranked.points) }] : []
          })}
        />
      ))}
    </svg>
  )
}

function Line({
  hypothesis,
  points,
  dash,
  shift,
  t,
}: {
  hypothesis: Hypothesis
  points: { x: number; y: number }[]
  dash: string
  shift: number
  t: Translate
}) {
  const last = points.at(-1)
  if (!last) return null
  // Lines that lie on one another are set apart by a few units so that both can be seen.
  const at = (one: { x: number; y: number }) => `${one.x.toFixed(1)} ${(one.y + shift).toFixed(1)}`
  return (
    <g>
      <path
        d={`M${points.map(at).join('L')}`}
        fill="none"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-dasharray={dash || undefined}
      />
      {points.map((one) => (
        <circle key={one.x} cx={one.x} cy={one.y + shift} r="4" fill="currentColor" />
      ))}
      <text x={last.x + 12} y={last.y + shift * 4 + 4}>
        {t('incidents.hypothesis-short', { number: hypothesis.number })}
      </text>
    </g>
  )
}
