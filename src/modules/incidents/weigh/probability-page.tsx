import type { Visit } from '../../../core/module/types.ts'
import { formatList } from '../../../text/index.ts'
import { labelWidth, PageHead, Quiet, Section, spreadLabels, Table } from '../../../web/index.ts'
import { DatedNote, Framed } from '../../frame/index.ts'
import { wordName } from './assessment-words.ts'
import {
  findWord,
  type ProbabilityScheme,
  type ProbabilityWord,
  readProbability,
  sharedBand,
} from './read-probability.ts'

interface Props {
  visit: Visit
  /** `<scheme>:<word>` that is looked up in the others. */
  chosen?: string
}

interface PictureProps {
  visit: Visit
  schemes: readonly ProbabilityScheme[]
  chosen?: { scheme: ProbabilityScheme; word: ProbabilityWord }
}

/** What a word of one scheme would be called in the others: bands side by side, and the same as a table. */
export function ProbabilityPage({ visit, chosen: asked }: Props) {
  const { t } = visit
  const file = readProbability(visit.services)
  const { schemes } = file.content
  const chosen = asked === undefined ? undefined : findWord(visit.services, asked)
  const title = t('weighing.scales.title')
  return (
    <Framed visit={visit} title={title} current="/incidents">
      <PageHead title={title} lead={t('weighing.scales.lead')} />
      <DatedNote visit={visit} files={[file]} />
      <Choices {...{ visit, schemes, chosen }} />
      {chosen && <Meanings {...{ visit, schemes, chosen }} />}
      <Section title={t('weighing.scales.picture')} id="bands">
        <figure>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
          <section class="table-scroll" aria-label={t('frame.scrolls', { caption: title })} tabIndex={0}>
            <Bands {...{ visit, schemes, chosen }} />
          </section>
          <figcaption>{t('weighing.scales.numbered')}</figcaption>
        </figure>
        <Table
          cards
          caption={t('weighing.scales.table')}
          numeric={[1]}
          head={[
            t('weighing.scales.scheme'),
            t('weighing.scales.place'),
            t('weighing.scales.word'),
            t('weighing.scales.band'),
          ]}
          rows={schemes.flatMap((scheme) =>
            scheme.words.map((word, at) => [
              scheme.name,
              String(at + 1),
              <a href={hrefOf(scheme, word)}>{wordName(visit, word)}</a>,
              band(visit, word),
            ]),
          )}
        />
        <ul>
          {schemes.map((scheme) => (
            <li key={scheme.id}>
              <strong>{scheme.name}</strong>{' '}
              <span lang="en" dir="ltr">
                {scheme.source}
              </span>
              {scheme.unconfirmed && ` (${t('weighing.scales.unconfirmed')})`}
            </li>
          ))}
        </ul>
      </Section>
    </Framed>
  )
}

const hrefOf = (scheme: ProbabilityScheme, word: ProbabilityWord) =>
  `/incidents/probability-words?word=${scheme.id}:${word.word}`

const band = ({ t }: Visit, { from, to }: { from: number; to: number }) => t('weighing.scales.percent', { from, to })

function Choices({ visit, schemes, chosen }: PictureProps) {
  const { t } = visit
  return (
    <nav aria-label={t('weighing.scales.choose')}>
      {schemes.map((scheme) => (
        <p key={scheme.id}>
          {scheme.name}:{' '}
          {scheme.words.map((word) => (
            <>
              <a
                href={hrefOf(scheme, word)}
                aria-current={scheme === chosen?.scheme && word === chosen.word ? 'true' : undefined}
              >
                {wordName(visit, word)}
              </a>{' '}
            </>
          ))}
        </p>
      ))}
    </nav>
  )
}

/** The chosen word in each other scheme: every word that shares some of its band, and how much. */
function Meanings({ visit, schemes, chosen }: PictureProps & { chosen: NonNullable<PictureProps['chosen']> }) {
  const { t, language } = visit
  const said = t('weighing.word-of', { word: wordName(visit, chosen.word), scheme: chosen.scheme.name })
  return (
    <Section title={t('weighing.scales.meaning', { word: said })} id="meaning">
      <p>{band(visit, chosen.word)}</p>
      <Table
        cards
        caption={t('weighing.scales.in-others')}
        head={[t('weighing.scales.scheme'), t('weighing.scales.would-be'), t('weighing.scales.nothing-for')]}
        rows={schemes
          .filter((scheme) => scheme !== chosen.scheme)
          .map((scheme) => {
            const shared = scheme.words.flatMap((word) => {
              const range = sharedBand(word, chosen.word)
              return range ? [{ word, range }] : []
            })
            const words = shared.map(({ word, range }) =>
              t('weighing.scales.shares', { word: wordName(visit, word), ...range }),
            )
            const gaps = uncovered(
              chosen.word,
              shared.map(({ range }) => range),
            )
            return [
              scheme.name,
              words.length > 0 ? formatList(words, language) : t('weighing.scales.no-word'),
              gaps.length > 0
                ? formatList(
                    gaps.map((gap) => band(visit, gap)),
                    language,
                  )
                : '–',
            ]
          })}
      />
      <Quiet>{t('weighing.scales.no-translation')}</Quiet>
    </Section>
  )
}

/** What of a band no word of a scheme says anything about. */
export function uncovered(
  whole: { from: number; to: number },
  parts: readonly { from: number; to: number }[],
): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = []
  let at = whole.from
  for (const part of parts.toSorted((a, b) => a.from - b.from)) {
    if (part.from > at) gaps.push({ from: at, to: part.from })
    at = Math.max(at, part.to)
  }
  return at < whole.to ? [...gaps, { from: at, to: whole.to }] : gaps
}

const [left, right, rowHeight, top] = [130, 690, 44, 34]
const x = (percent: number) => left + ((right - left) * percent) / 100

/** Where the numbers of a scheme's words stand: bands may share an end or all of it, their numbers never a place. */
const numbersOf = ({ words }: ProbabilityScheme): number[] =>
  spreadLabels(
    words.map(({ from, to }, at) => ({ at: (x(from) + x(to)) / 2, size: labelWidth(String(at + 1)) })),
    { from: left, until: right + 24 },
  ).map((place) => Math.round(place * 10) / 10)

function Bands({ visit, schemes, chosen }: PictureProps) {
  const { t } = visit
  const bottom = top + schemes.length * rowHeight
  return (
    <svg
      class="chart published"
      viewBox={`0 0 720 ${bottom + 12}`}
      role="img"
      aria-label={t('weighing.scales.picture')}
      direction="ltr"
    >
      {[0, 25, 50, 75, 100].map((percent) => (
        <g key={percent}>
          <path class="ruled" d={`M${x(percent)} ${top - 8}V${bottom}`} />
          <text x={x(percent)} y={18} text-anchor="middle">
            {percent} %
          </text>
        </g>
      ))}
      {chosen && (
        <rect
          class="amount"
          x={x(chosen.word.from)}
          y={top - 8}
          width={x(chosen.word.to) - x(chosen.word.from)}
          height={bottom - top + 8}
        />
      )}
      {schemes.map((scheme, row) => (
        <g key={scheme.id}>
          <text x={left - 12} y={top + row * rowHeight + 24} text-anchor="end">
            {scheme.name}
          </text>
          {scheme.words.map((word, at) => (
            <g key={word.word}>
              <rect
                x={x(word.from) + 1}
                y={top + row * rowHeight + 6}
                width={Math.max(4, x(word.to) - x(word.from) - 2)}
                height={28}
                fill="none"
                stroke="currentColor"
                stroke-width={scheme === chosen?.scheme && word === chosen.word ? 4 : 1.5}
              />
              <text x={numbersOf(scheme)[at]} y={top + row * rowHeight + 25} text-anchor="middle">
                {at + 1}
              </text>
            </g>
          ))}
        </g>
      ))}
    </svg>
  )
}
