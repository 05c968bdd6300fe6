import { formatDate } from '../../../text/index.ts'
import { TimeRowsChart } from '../../../web/index.ts'
import { readSchemes } from '../severity/read-schemes.ts'
import { levelName } from '../severity/severity-words.ts'
import { listAddress } from './asked.ts'
import { countTimes, type Unit } from './count-times.ts'
import { type Drawing, type Drawn, plain } from './drawn.ts'

/** Stretches that a picture shows at once: the newest. */
const mostStretches = 120
/** Words under the picture that do not run into one another. */
const mostTicks: Record<Unit, number> = { week: 5, month: 8, year: 12 }

/** Incidents by week, month or year, one row per level of severity under a scheme. */
export async function drawTimes({ visit, asked, filter, say }: Drawing): Promise<Drawn> {
  const { services, viewer, t, language, query } = visit
  const { per: unit, by } = asked
  const schemes = readSchemes(services)
  const scheme = schemes.find(asked.scheme) ?? schemes.shown
  const { hits, times: counts } = await countTimes(services, viewer, filter, { unit, by, scheme: scheme.id })
  const dated = counts.flatMap(({ from, ...one }) => (from === null ? [] : [{ ...one, from }]))
  const all = stretches(dated[0]?.from, dated.at(-1)?.from, unit)
  const shown = all.slice(-mostStretches)
  const levels = [...scheme.levels.map(({ id }) => id), ...unknownLevels(counts, scheme.levels), null]
  const at = new Map(dated.map(({ from, level, n }) => [`${from} ${level ?? ''}`, n]))
  const n = (from: string, level: string | null) => at.get(`${from} ${level ?? ''}`) ?? 0
  const sum = (rows: typeof counts) => rows.reduce((total, one) => total + one.n, 0)
  const name = (level: string | null) =>
    level === null ? t('incidents-picture.times.not-answered') : levelName(scheme, level, language)
  const title = t(`incidents-picture.times.by-${by}`)
  const label = (from: string) => stretchName(from, unit, language)
  // The list is narrowed by the day of opening, within what it is narrowed by already.
  const address = (from: string) => (by === 'report' ? listAddress(query, within(filter, from, unit)) : undefined)
  const earlier = sum(dated.filter(({ from }) => from < (shown[0] ?? '')))
  return {
    hits,
    method: t('incidents-picture.times.method', {
      by,
      undated: say.words(sum(counts.filter(({ from }) => from === null))),
      earlier: say.words(earlier),
    }),
    ...(shown.length > 0 && {
      chart: (
        <TimeRowsChart
          label={title}
          rows={levels
            .toReversed()
            .map((level) => ({ label: name(level), values: shown.map((from) => say.n(n(from, level))) }))}
          ticks={shown.flatMap((from, place) =>
            place % Math.max(1, Math.ceil(shown.length / mostTicks[unit])) === 0
              ? [{ at: place, label: label(from) }]
              : [],
          )}
          top={(most) => say.words(most)}
        />
      ),
    }),
    tables: [
      {
        caption: title,
        head: [t(`incidents-picture.times.${unit}`), t('incidents-picture.all'), ...levels.map(name)],
        rows: shown
          .toReversed()
          .map((from) => [
            plain(label(from)),
            plain(say.words(levels.reduce((total, level) => total + n(from, level), 0)), address(from)),
            ...levels.map((level) => plain(say.words(n(from, level)))),
          ]),
      },
    ],
  }
}

/** Levels that were answered under an earlier edition of the scheme. */
const unknownLevels = (counts: readonly { level: string | null }[], levels: readonly { id: string }[]): string[] => [
  ...new Set(counts.flatMap(({ level }) => (level === null || levels.some(({ id }) => id === level) ? [] : [level]))),
]

/** Every stretch from the first to the last, those without an incident too. */
function stretches(first: string | undefined, last: string | undefined, unit: Unit): string[] {
  const found: string[] = []
  for (let from = first; from !== undefined && last !== undefined && from <= last; from = next(from, unit))
    found.push(from)
  return found
}

const next = (from: string, unit: Unit): string =>
  Temporal.PlainDate.from(from)
    .add({ [`${unit}s`]: 1 })
    .toString()

function within(filter: { from?: string; until?: string }, from: string, unit: Unit): { from: string; until: string } {
  const until = Temporal.PlainDate.from(next(from, unit)).subtract({ days: 1 }).toString()
  return {
    from: filter.from !== undefined && filter.from > from ? filter.from : from,
    until: filter.until !== undefined && filter.until < until ? filter.until : until,
  }
}

function stretchName(from: string, unit: Unit, language: string): string {
  const ms = Date.parse(`${from}T00:00:00Z`)
  if (unit === 'week') return formatDate(ms, 'UTC', language)
  const parts = unit === 'year' ? ({ year: 'numeric' } as const) : ({ year: 'numeric', month: 'short' } as const)
  return new Intl.DateTimeFormat(language, { ...parts, timeZone: 'UTC' }).format(ms)
}
