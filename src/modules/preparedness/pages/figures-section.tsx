import type { Visit } from '../../../core/module/types.ts'
import { formatDuration } from '../../../text/index.ts'
import { Quiet, Section, Table } from '../../../web/index.ts'
import { median, type StepFigure, stepFigures } from '../run/figures.ts'
import type { Run } from '../run/read-runs.ts'
import { runVersion } from './parts.tsx'

interface Props {
  visit: Visit
  runs: readonly (Run & { isDrill: boolean; codeName: string })[]
}

const minuteMs = 60_000

/** How long steps took: drills beside real runs, drawn and in a table that says the same. */
export function FiguresSection({ visit, runs }: Props) {
  const { t, language } = visit
  const figures = stepFigures(runs)
  const words = (minutes: number | undefined) =>
    minutes === undefined ? '–' : minutes < 1 ? t('preparedness.at-once') : formatDuration(minutes * minuteMs, language)
  return (
    <Section title={t('preparedness.figures.title')} id="figures">
      {runs.length === 0 && <Quiet>{t('preparedness.figures.none')}</Quiet>}
      {runs.length > 0 && (
        <ul>
          {runs.map((run) => (
            <li key={run.id}>
              <a href={`/incidents/${run.incident}/plans/${run.id}`}>
                <bdi>{run.codeName}</bdi>
              </a>
              {' · '}
              {t(run.isDrill ? 'preparedness.figures.drill' : 'preparedness.figures.real')}
              {' · '}
              {runVersion(visit, run)}
            </li>
          ))}
        </ul>
      )}
      {figures.length > 0 && (
        <>
          <Chart visit={visit} figures={figures} />
          <Quiet small>{t('preparedness.figures.chart')}</Quiet>
          <Table
            caption={t('preparedness.figures.caption')}
            numeric={[1, 2, 3]}
            head={[
              t('preparedness.figures.step'),
              t('preparedness.figures.allowed'),
              t('preparedness.figures.drills'),
              t('preparedness.figures.reals'),
            ]}
            rows={figures.map(({ title, allowed, drills, real }) => [
              <bdi>{title}</bdi>,
              words(allowed),
              t('preparedness.figures.median', { duration: words(median(drills)), count: drills.length }),
              t('preparedness.figures.median', { duration: words(median(real)), count: real.length }),
            ])}
          />
        </>
      )}
    </Section>
  )
}

const width = 640
const left = 40
const right = 620
const row = 44

/** A pair of bars per step, drills hatched by their outline and real ones filled; a mark where the plan wants it. */
function Chart({ visit: { t }, figures }: { visit: Visit; figures: readonly StepFigure[] }) {
  const most = Math.max(
    1,
    ...figures.flatMap(({ allowed, drills, real }) => [allowed ?? 0, median(drills) ?? 0, median(real) ?? 0]),
  )
  const x = (minutes: number) => left + ((right - left) * minutes) / most
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} ${figures.length * row + 10}`}
      role="img"
      aria-label={t('preparedness.figures.chart')}
      direction="ltr"
    >
      {figures.map(({ step, allowed, drills, real }, at) => {
        const y = at * row + 8
        const drill = median(drills)
        const lived = median(real)
        return (
          <g key={step}>
            <text x={left - 8} y={y + 20} text-anchor="end">
              {at + 1}
            </text>
            {drill !== undefined && (
              <rect
                x={left}
                y={y}
                width={Math.max(2, x(drill) - left)}
                height="12"
                fill="none"
                stroke="currentColor"
                stroke-width="2"
              />
            )}
            {lived !== undefined && (
              <rect x={left} y={y + 16} width={Math.max(2, x(lived) - left)} height="12" fill="currentColor" />
            )}
            {allowed !== undefined && (
              <path
                d={`M${x(allowed).toFixed(1)} ${y - 3}V${y + 32}`}
                stroke="currentColor"
                stroke-width="2"
                stroke-dasharray="4 3"
              />
            )}
          </g>
        )
      })}
    </svg>
  )
}
