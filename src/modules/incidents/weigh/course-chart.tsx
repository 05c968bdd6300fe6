import type { Translate } from '../../../text/index.ts'
import { type CourseLayout, type LabelBox, layCourse } from './course-layout.ts'
import type { RankedHypothesis } from './ranking.ts'
import type { Assessment, Hypothesis } from './weighing.ts'

interface Props {
  hypotheses: readonly Hypothesis[]
  assessments: readonly Assessment[]
  now: readonly RankedHypothesis[]
  t: Translate
}

const dashes = ['', '10 5', '2 5', '12 4 2 4', '6 3', '1 3']
const round = (n: number): number => Math.round(n * 10) / 10

/** How the ranking ran: one line per hypothesis, the least contradicted at the top; the table beneath says the same. */
export function CourseChart({ hypotheses, assessments, now, t }: Props) {
  const pointsOf = (ranking: readonly RankedHypothesis[]) =>
    new Map(ranking.map(({ hypothesis, points }) => [hypothesis, points]))
  const stops = [
    ...assessments.map(({ number, ranking }) => ({ label: String(number), points: pointsOf(ranking) })),
    { label: t('incidents.course.now'), points: pointsOf(now) },
  ]
  if (stops.length < 2 || hypotheses.length === 0) return null
  const { width, height, axis, ticks, lines } = layCourse(
    hypotheses.map(({ id, number }) => ({ id, label: t('incidents.hypothesis-short', { number }) })),
    stops,
  )
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t('incidents.course.title')}
      direction="ltr"
    >
      <path
        d={`M${axis.left} ${axis.top}V${axis.bottom}H${axis.right}`}
        fill="none"
        stroke="currentColor"
        stroke-width="1"
        opacity="0.4"
      />
      {ticks.map((tick) => (
        <Label key={`${tick.x} ${tick.y}`} box={tick} />
      ))}
      {lines.map((line, at) => (
        <Line key={line.hypothesis} line={line} axis={axis} dash={dashes[at % dashes.length] ?? ''} />
      ))}
    </svg>
  )
}

function Label({ box: { words, x, y, width, height } }: { box: LabelBox }) {
  return (
    <text x={round(x + width / 2)} y={round(y + height - 4)} text-anchor="middle">
      {words}
    </text>
  )
}

/** A line and its name, joined by a thin one: the name stands beside others where its line ends among them. */
function Line({
  line: { points, label },
  axis,
  dash,
}: {
  line: CourseLayout['lines'][number]
  axis: CourseLayout['axis']
  dash: string
}) {
  const last = points.at(-1)
  if (!last) return null
  const named = `${round(label.x - 2)} ${round(label.y + label.height / 2)}`
  return (
    <g>
      <path
        d={`M${points.map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}`}
        fill="none"
        stroke="currentColor"
        stroke-width="2.5"
        stroke-dasharray={dash || undefined}
      />
      <path
        d={`M${round(last.x)} ${round(last.y)}H${round(Math.max(last.x, axis.right))}L${named}`}
        fill="none"
        stroke="currentColor"
        stroke-width="0.75"
        opacity="0.5"
      />
      {points.map(({ x, y }) => (
        <circle key={x} cx={round(x)} cy={round(y)} r="4" fill="currentColor" />
      ))}
      <Label box={label} />
    </g>
  )
}
