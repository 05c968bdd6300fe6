import { named } from '../../../core/dated-data/index.ts'
import type { Visit } from '../../../core/module/types.ts'
import { formatList, formatNumber } from '../../../text/index.ts'
import { labelWidth, Quiet, spreadLabels, Table } from '../../../web/index.ts'
import type { ComputedSeverity, Contribution } from './compute.ts'
import type { SeverityScheme } from './scheme.ts'
import { figureFormat } from './severity-words.ts'

interface Props {
  visit: Visit
  scheme: SeverityScheme
  computed: ComputedSeverity
}

/** What each answer adds, as a picture and as a table, and what is missing. */
export function Contributions({ visit, scheme, computed }: Props) {
  const { t, language } = visit
  const number = (n: number | undefined) => (n === undefined ? '–' : formatNumber(n, language, figureFormat))
  const inputOf = ({ input }: Contribution) => scheme.inputs.find(({ id }) => id === input)
  const nameOf = (one: Contribution) => named(inputOf(one)?.names ?? { en: one.input, fr: '', ar: '' }, language)
  const choiceOf = (one: Contribution) => {
    const choice = inputOf(one)?.choices.find(({ id }) => id === one.choice)
    return choice ? named(choice.names, language) : t('severity.open')
  }
  const weighs = scheme.formula === 'mean'
  const scrolls = t('severity.scrolls', { scheme: named(scheme.names, language) })
  const rows = computed.contributions.map((one) => [
    nameOf(one),
    choiceOf(one),
    ...(weighs ? [number(one.weight)] : []),
    number(one.counts === 'noted' ? undefined : one.points),
    partWords(visit, one),
  ])
  const missing = computed.contributions.filter(({ input }) => computed.missing.includes(input))
  return (
    <>
      <Quiet small>{t(`severity.formula.${scheme.formula}`)}</Quiet>
      <figure>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
        <section class="table-scroll" aria-label={scrolls} tabIndex={0}>
          <Picture visit={visit} scheme={scheme} computed={computed} nameOf={nameOf} />
        </section>
        <figcaption>{t('severity.picture')}</figcaption>
      </figure>
      <Table
        caption={t('severity.contributions', { scheme: named(scheme.names, language) })}
        numeric={weighs ? [2, 3, 4] : [2, 3]}
        head={[
          t('severity.question'),
          t('severity.given'),
          ...(weighs ? [t('severity.weight')] : []),
          t('severity.points'),
          t('severity.part'),
        ]}
        rows={rows}
      />
      {missing.length > 0 && <p>{t('severity.missing', { questions: formatList(missing.map(nameOf), language) })}</p>}
    </>
  )
}

function partWords({ t, language }: Visit, { counts, part, points, decides }: Contribution): string {
  if (counts === 'noted') return t('severity.noted-short')
  if (counts === 'factor') return points === undefined ? '–' : `× ${formatNumber(points, language, figureFormat)}`
  if (part === undefined) return '–'
  const figure = formatNumber(part, language, figureFormat)
  return decides && part > 0 ? t('severity.decides', { figure }) : figure
}

const round = (n: number): number => Math.round(n * 10) / 10
const short = (words: string, most: number): string => (words.length > most ? `${words.slice(0, most - 1)}…` : words)
const [left, width, row] = [250, 360, 26]

/** A bar for each question that gives points, in the frame of the most it could give; the scale of levels above. */
function Picture({ visit, scheme, computed, nameOf }: Props & { nameOf(one: Contribution): string }) {
  const { t, language } = visit
  const counted = computed.contributions.filter(({ counts }) => counts === 'points')
  const most = Math.max(...counted.map((one) => one.most)) || 1
  const x = (figure: number) => round(left + (width * figure) / (computed.most || 1))
  const { from, to } = computed.range
  const top = 62
  const cuts = scheme.levels
    .filter(({ from: cut }) => cut <= computed.most)
    .map(({ id, from: cut }) => ({ id, cut, words: formatNumber(cut, language, figureFormat) }))
  const places = spreadLabels(
    cuts.map(({ cut, words }) => ({ at: x(cut), size: labelWidth(words) })),
    { from: left - 30, until: left + width + 60 },
  )
  return (
    <svg
      class="chart published severity"
      viewBox={`0 0 ${left + width + 60} ${top + counted.length * row + 6}`}
      role="img"
      aria-label={t('severity.contributions', { scheme: named(scheme.names, language) })}
      direction="ltr"
    >
      <text x={left - 12} y={32} text-anchor="end">
        {t('severity.figure')}
      </text>
      <rect class="room" x={left} y={18} width={width} height={18} />
      <rect class={from === to ? 'bar' : 'bar all'} x={left} y={18} width={Math.max(0, x(to) - left)} height={18} />
      {from !== to && <rect class="bar" x={left} y={18} width={Math.max(0, x(from) - left)} height={18} />}
      {cuts.map(({ id, cut, words }, at) => (
        <g key={id}>
          <line class="cut" x1={x(cut)} x2={x(cut)} y1={14} y2={40} />
          <text x={round(places[at] ?? 0)} y={10} text-anchor="middle">
            {words}
          </text>
        </g>
      ))}
      {counted.map((one, at) => {
        const y = top + at * row
        const long = (part: number) => round((width * part) / most)
        return (
          <g key={one.input}>
            <text x={left - 12} y={y + 13} text-anchor="end">
              {short(nameOf(one), 34)}
            </text>
            <rect class="room" x={left} y={y} width={long(one.most)} height={16} />
            {one.part !== undefined && <rect class="bar" x={left} y={y} width={long(one.part)} height={16} />}
            <text x={left + long(one.most) + 8} y={y + 13}>
              {one.part === undefined ? '?' : formatNumber(one.part, language, figureFormat)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
