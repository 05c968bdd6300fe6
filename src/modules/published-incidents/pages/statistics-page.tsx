import type { ComponentChildren } from 'preact'
import type { Visit } from '../../../core/module/types.ts'
import { formatNumber } from '../../../text/index.ts'
import { ChartScroll, LinkButton, PageHead, Quiet, Section, Table } from '../../../web/index.ts'
import { Framed } from '../../frame/index.ts'
import type { Batch } from '../batches.ts'
import { matrixOf, type Statistics } from '../statistics.ts'
import { codesOf } from '../vocabulary.ts'
import { Published, SourceLine } from './parts.tsx'
import { AnsweredPicture, DelaysPicture, MatrixPicture, YearsPicture } from './pictures.tsx'

interface Props {
  visit: Visit<any>
  batch: Batch
  statistics: Statistics
}

const mostInMatrix = 12

/** Figures of one set, each with how it was counted, its n, and what could not be used. */
export function StatisticsPage(props: Props) {
  const { visit, batch } = props
  const { t } = visit
  const title = t('published-incidents.statistics.title')
  return (
    <Framed visit={visit} title={title} current="/incidents">
      <PageHead
        form={`${batch.name} ${batch.edition}`}
        title={title}
        lead={t('published-incidents.statistics.lead')}
        actions={<LinkButton plain href="/published-incidents" label={t('published-incidents.title')} />}
      />
      <SourceLine visit={visit} batch={batch} />
      <Quiet>{t('published-incidents.statistics.selection')}</Quiet>
      <Delays {...props} />
      <Shares {...props} />
      <Matrix {...props} />
      <Years {...props} />
      <Answers {...props} />
    </Framed>
  )
}

const numberIn = (visit: Visit) => (n: number | undefined) =>
  n === undefined ? '–' : formatNumber(n, visit.language, { maximumFractionDigits: 1 })

const percentIn = (visit: Visit) => (part: number, whole: number) =>
  whole === 0 ? '–' : formatNumber(part / whole, visit.language, { style: 'percent', maximumFractionDigits: 1 })

function Method({ children }: { children: ComponentChildren }) {
  return <Quiet>{children}</Quiet>
}

function Delays({ visit, statistics: { delays } }: Props) {
  const { t, language } = visit
  const n = numberIn(visit)
  return (
    <Section title={t('published-incidents.statistics.delays')} id="delays">
      <Method>{t('published-incidents.statistics.delays-method')}</Method>
      {delays.some(({ quartiles }) => quartiles) && (
        <ChartScroll title={t('published-incidents.statistics.delays')}>
          <DelaysPicture delays={delays} t={t} language={language} />
        </ChartScroll>
      )}
      <Table
        caption={t('published-incidents.statistics.delays')}
        quietCaption
        numeric={[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]}
        head={[
          t('published-incidents.column.basis'),
          ...[
            'median',
            'quarter',
            'three-quarters',
            'usable',
            'exact-median',
            'exact',
            'all',
            'no-day',
            'no-start',
            'before',
          ].map((name) => t(`published-incidents.statistics.${name}`)),
        ]}
        rows={delays.map((one) => [
          t(`published-incidents.group.${one.group}`),
          n(one.quartiles?.[1]),
          n(one.quartiles?.[0]),
          n(one.quartiles?.[2]),
          n(one.usable),
          n(one.exact.median),
          n(one.exact.n),
          n(one.all),
          n(one.noDay),
          n(one.noStart),
          n(one.before),
        ])}
      />
    </Section>
  )
}

function Shares({ visit, statistics: { attributions, incidents } }: Props) {
  const { t } = visit
  const n = numberIn(visit)
  const percent = percentIn(visit)
  const lines: [name: string, part: number, whole: number, unusable: number][] = [
    ['several', attributions.several, attributions.incidents, incidents.all - attributions.incidents],
    ['several-rows', attributions.severalRows, attributions.incidents, incidents.all - attributions.incidents],
    [
      'several-countries',
      attributions.severalCountries,
      attributions.named,
      attributions.attributions - attributions.named,
    ],
    [
      'incidents-several-countries',
      attributions.incidentsSeveral,
      attributions.incidentsNamed,
      incidents.all - attributions.incidentsNamed,
    ],
    ['unknown-initiator', incidents.unknown, incidents.all, 0],
  ]
  return (
    <Section title={t('published-incidents.statistics.shares')} id="shares">
      <Method>{t('published-incidents.statistics.shares-method', { empty: attributions.empty })}</Method>
      <Table
        caption={t('published-incidents.statistics.shares')}
        quietCaption
        numeric={[1, 2, 3, 4]}
        head={['what', 'count', 'of', 'share', 'unusable'].map((name) => t(`published-incidents.statistics.${name}`))}
        rows={lines.map(([name, part, whole, unusable]) => [
          t(`published-incidents.statistics.${name}`),
          n(part),
          n(whole),
          percent(part, whole),
          n(unusable),
        ])}
      />
    </Section>
  )
}

function Matrix({ visit, batch, statistics: { pairs, incidents } }: Props) {
  const { t, language } = visit
  const matrix = matrixOf(pairs, mostInMatrix)
  const n = numberIn(visit)
  const address = (initiator: string, victim: string) =>
    `/published-incidents?${new URLSearchParams({ set: batch.set, initiator, victim })}`
  return (
    <Section title={t('published-incidents.statistics.matrix')} id="matrix">
      <Method>
        {t('published-incidents.statistics.matrix-method', {
          most: mostInMatrix,
          n: incidents.both,
          unusable: incidents.all - incidents.both,
          beyond: matrix.beyond,
        })}
      </Method>
      {pairs.length > 0 && (
        <>
          <ChartScroll title={t('published-incidents.statistics.matrix')}>
            <MatrixPicture matrix={matrix} t={t} language={language} />
          </ChartScroll>
          <Table
            caption={t('published-incidents.statistics.matrix-table')}
            numeric={matrix.victims.map((_, at) => at + 1)}
            head={[
              t('published-incidents.column.initiators'),
              ...matrix.victims.map((victim) => <Published>{victim}</Published>),
            ]}
            rows={matrix.initiators.map((initiator) => [
              <Published>{initiator}</Published>,
              ...matrix.victims.map((victim) => {
                const count = matrix.at(initiator, victim)
                return count === 0 ? '–' : <a href={address(initiator, victim)}>{n(count)}</a>
              }),
            ])}
          />
        </>
      )}
    </Section>
  )
}

function Years({ visit, statistics: { years, incidents } }: Props) {
  const { t, language } = visit
  const types = codesOf('types').filter((type) => years.some((one) => one.type === type))
  const n = numberIn(visit)
  const rows = [...new Set(years.map(({ year }) => year))].toSorted((a, b) => a - b)
  const at = (year: number, type: string) => years.find((one) => one.year === year && one.type === type)?.n ?? 0
  return (
    <Section title={t('published-incidents.statistics.years')} id="years">
      <Method>
        {t('published-incidents.statistics.years-method', {
          n: incidents.typed,
          unusable: incidents.all - incidents.typed,
        })}
      </Method>
      {years.length > 0 && (
        <>
          <ChartScroll title={t('published-incidents.statistics.years')}>
            <YearsPicture years={years} types={types} t={t} language={language} />
          </ChartScroll>
          <Table
            caption={t('published-incidents.statistics.years')}
            quietCaption
            numeric={types.map((_, place) => place + 1)}
            head={[t('published-incidents.column.year'), ...types.map((type) => t(`published-incidents.type.${type}`))]}
            rows={rows.map((year) => [
              formatNumber(year, language, { useGrouping: false }),
              ...types.map((type) => n(at(year, type))),
            ])}
          />
        </>
      )}
    </Section>
  )
}

function Answers({ visit, statistics: { responses, bands } }: Props) {
  const { t, language } = visit
  const n = numberIn(visit)
  const percent = percentIn(visit)
  return (
    <Section title={t('published-incidents.statistics.answered')} id="responses">
      <Method>
        {t('published-incidents.statistics.answered-method', { n: responses.incidents, unusable: responses.unusable })}
      </Method>
      {bands.length > 0 && (
        <ChartScroll title={t('published-incidents.statistics.answered')}>
          <AnsweredPicture bands={bands} t={t} language={language} />
        </ChartScroll>
      )}
      <Table
        caption={t('published-incidents.statistics.by-intensity')}
        numeric={[1, 2, 3]}
        head={['intensity', 'answered-n', 'of', 'share'].map((name) => t(`published-incidents.statistics.${name}`))}
        rows={[
          ...bands.map(({ band, n: all, answered }) => [
            band === null ? t('published-incidents.not-said') : n(band),
            n(answered),
            n(all),
            percent(answered, all),
          ]),
          [
            t('published-incidents.statistics.political'),
            n(responses.political),
            n(responses.incidents),
            percent(responses.political, responses.incidents),
          ],
          [
            t('published-incidents.statistics.legal'),
            n(responses.legal),
            n(responses.incidents),
            percent(responses.legal, responses.incidents),
          ],
          [
            t('published-incidents.statistics.any'),
            n(responses.any),
            n(responses.incidents),
            percent(responses.any, responses.incidents),
          ],
        ]}
      />
      <Table
        caption={t('published-incidents.statistics.responses-table')}
        numeric={[2]}
        head={[
          t('published-incidents.column.response'),
          t('published-incidents.column.kind'),
          t('published-incidents.statistics.count'),
          t('published-incidents.column.by'),
        ]}
        rows={responses.responses.map((one) => [
          t(`published-incidents.response.${one.type}`),
          <Published>{one.subtype ?? '–'}</Published>,
          n(one.n),
          <Published>{byWhom(one.by)}</Published>,
        ])}
      />
    </Section>
  )
}

/** Countries that answered so, the most frequent first. */
function byWhom(by: readonly { country?: string; n: number }[]): string {
  const counts = new Map<string, number>()
  for (const { country, n } of by) if (country) counts.set(country, (counts.get(country) ?? 0) + n)
  const named = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return named.map(([country, n]) => `${country} (${n})`).join(', ') || '–'
}
