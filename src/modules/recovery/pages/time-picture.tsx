import type { Visit } from '../../../core/module/types.ts'
import { direction, formatDateTime } from '../../../text/index.ts'
import type { RecoveryPlan, Service } from '../plan/read-plans.ts'

const [left, width, row] = [200, 440, 30]
const round = (n: number): number => Math.round(n * 10) / 10
const short = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)

interface Line {
  name: string
  began: number
  /** Until it would do again, or until now. */
  until: number
  /** What can be expected beyond now. */
  expected?: number
  isSilent: boolean
  dueAt?: number
}

/** Each outage from its beginning to its end, or to now and on to what can be expected, with its next target. */
export function TimePicture({ visit, plan }: { visit: Visit; plan: RecoveryPlan }) {
  const { t, language, viewer } = visit
  const lines = plan.services.flatMap((one) => lineOf(one, plan.now))
  if (lines.length === 0) return null
  const isOpen = lines.some(({ until }) => until === plan.now)
  const all = lines.flatMap(({ began, until, expected, dueAt }) => [began, until, expected ?? until, dueAt ?? until])
  const [first, last] = [Math.min(...all), Math.max(...all)]
  const near = direction(language) === 'rtl'
  const whole = left + width + 24
  const flip = (x: number) => (near ? whole - x : x)
  const x = (ms: number) => round(left + ((width - 8) * (ms - first)) / Math.max(1, last - first))
  const bar = (from: number, until: number) => {
    const size = Math.max(3, round(x(until) - x(from)))
    return { x: near ? flip(x(from)) - size : x(from), width: size }
  }
  const foot = lines.length * row + 8
  const day = (ms: number) => formatDateTime(ms, viewer.person.zone, language, { short: true })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section class="table-scroll" aria-label={t('recovery.picture.times')} tabIndex={0}>
      <svg
        class="chart published severity"
        viewBox={`0 0 ${whole} ${foot + 26}`}
        role="img"
        aria-label={t('recovery.picture.times')}
        direction="ltr"
      >
        {isOpen && <line class="ruled" x1={flip(x(plan.now))} x2={flip(x(plan.now))} y1={0} y2={foot} />}
        {lines.map(({ name, began, until, expected, isSilent, dueAt }, at) => {
          const y = 8 + at * row
          return (
            <g key={name}>
              <text x={flip(left - 12)} y={y + 13} text-anchor={near ? 'start' : 'end'}>
                {short(name, 26)}
              </text>
              <rect class="bar" {...bar(began, until)} y={y + 2} height={13} />
              {expected !== undefined && expected > until && (
                <rect class="amount" {...bar(until, expected)} y={y + 2} height={13} />
              )}
              {isSilent && (
                <text x={flip(x(Math.max(until, expected ?? until)) + 12)} y={y + 13} text-anchor="middle">
                  ?
                </text>
              )}
              {dueAt !== undefined && (
                <line class="cut" stroke-width={2.5} x1={flip(x(dueAt))} x2={flip(x(dueAt))} y1={y - 3} y2={y + 20} />
              )}
            </g>
          )
        })}
        <text x={flip(left)} y={foot + 18} text-anchor={near ? 'end' : 'start'}>
          {day(first)}
        </text>
        <text x={flip(left + width)} y={foot + 18} text-anchor={near ? 'start' : 'end'}>
          {day(last)}
        </text>
      </svg>
    </section>
  )
}

function lineOf({ content, course, targets, outlook, standing }: Service, now: number): Line[] {
  const began = course?.began.at.from ?? course?.began.at.until
  if (course === undefined || began === undefined) return []
  const ended = course.enoughSince?.from ?? course.enoughSince?.until
  const dueAt = targets[0]?.dueAt
  return [
    {
      name: content.name,
      began,
      until: standing === 'enough' && ended !== undefined ? Math.max(began, ended) : now,
      isSilent: outlook !== undefined && outlook.expected === undefined,
      ...(outlook?.notBefore !== undefined && { expected: outlook.notBefore }),
      ...(dueAt !== undefined && { dueAt }),
    },
  ]
}
