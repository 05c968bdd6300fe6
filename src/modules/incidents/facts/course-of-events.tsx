import type { Visit } from '../../../core/module/types.ts'
import { formatDate } from '../../../text/index.ts'
import { Section, Table } from '../../../web/index.ts'
import { ownTime, particularWords, toldTime } from './particular-words.ts'
import type { Particular } from './state-particular.ts'
import { type Stretch, stretchOf } from './when.ts'

interface Props {
  visit: Visit
  /** In the order of events. */
  particulars: readonly Particular[]
}

/** The events of an incident on one line of time, each as wide as it is uncertain, and the same as a table. */
export function CourseOfEvents({ visit, particulars }: Props) {
  const { t } = visit
  const events = particulars.flatMap((one) => (one.value.when ? [{ one, when: one.value.when }] : []))
  if (events.length < 2) return null
  return (
    <Section title={t('particulars.course.title')} id="course">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section class="table-scroll" aria-label={t('particulars.course.picture')} tabIndex={0}>
        <Picture
          visit={visit}
          events={events.map(({ one, when }) => ({ words: one.value.words ?? '', at: stretchOf(when) }))}
        />
      </section>
      <Table
        caption={t('particulars.course.table')}
        head={[
          t('particulars.field.event'),
          t('particulars.course.told'),
          t('particulars.course.own'),
          t('particulars.course.exact'),
        ]}
        rows={events.map(({ one, when }) => [
          <a href={`#stated-${one.id}`}>
            <bdi>{one.value.words}</bdi>
          </a>,
          <bdi>{toldTime(visit, when)}</bdi>,
          <bdi>{ownTime(visit, when) ?? '–'}</bdi>,
          t(`particulars.precision.${when.precision}`),
        ])}
      />
    </Section>
  )
}

const round = (n: number): number => Math.round(n * 10) / 10
const short = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)
const [left, width, row] = [240, 420, 28]

function Picture({ visit, events }: { visit: Visit; events: { words: string; at: Stretch }[] }) {
  const { t, language, viewer } = visit
  const bounds = events.flatMap(({ at }) => [at.from, at.until].flatMap((ms) => ms ?? []))
  if (bounds.length === 0) return null
  const [first, last] = [Math.min(...bounds), Math.max(...bounds)]
  const span = Math.max(1, last - first)
  const x = (ms: number) => round(left + 16 + ((width - 32) * (ms - first)) / span)
  const foot = events.length * row + 8
  const day = (ms: number) => formatDate(ms, viewer.person.zone, language)
  return (
    <svg
      class="chart published severity"
      viewBox={`0 0 ${left + width + 60} ${foot + 26}`}
      role="img"
      aria-label={t('particulars.course.picture')}
      direction="ltr"
    >
      {events.map(({ words, at }, n) => {
        const y = 8 + n * row
        const known = at.from !== undefined || at.until !== undefined
        const [from, until] = [
          at.from === undefined ? left : x(at.from),
          at.until === undefined ? left + width : x(at.until),
        ]
        return (
          <g key={n}>
            <text x={left - 10} y={y + 13} text-anchor="end">
              {short(words, 32)}
            </text>
            <line class="ruled" x1={left} x2={left + width} y1={y + 8} y2={y + 8} />
            {known && at.from === at.until && <circle class="bar" cx={from} cy={y + 8} r={6} />}
            {known && at.from !== at.until && (
              <rect
                class={at.from === undefined || at.until === undefined ? 'room' : 'bar'}
                x={from}
                y={y + 2}
                width={Math.max(3, round(until - from))}
                height={12}
              />
            )}
            {!known && (
              <text x={left + width + 8} y={y + 13}>
                ?
              </text>
            )}
          </g>
        )
      })}
      <text x={left} y={foot + 18}>
        {day(first)}
      </text>
      <text x={left + width} y={foot + 18} text-anchor="end">
        {day(last)}
      </text>
    </svg>
  )
}

/** Who knows what since when, the earliest first. */
export function WhoKnew({ visit, particulars }: Props) {
  const { t, language } = visit
  if (particulars.length === 0) return null
  return (
    <Section title={t('particulars.who-knew')} id="who-knew">
      <Table
        caption={t('particulars.who-knew')}
        quietCaption
        head={[t('particulars.field.known-since'), t('particulars.field.known-by'), t('particulars.field.words')]}
        rows={particulars
          .toSorted((a, b) => a.knownSince.localeCompare(b.knownSince))
          .map((one) => [
            formatDate(Date.parse(`${one.knownSince}T00:00:00Z`), 'UTC', language),
            <bdi>{one.knownBy}</bdi>,
            <>
              {t(`particulars.kind.${one.kind}`)}: <bdi>{particularWords(visit, one.kind, one.value)}</bdi>
            </>,
          ])}
      />
    </Section>
  )
}
