import { BarsChart } from '../../../web/index.ts'
import { countResponses } from './count-responses.ts'
import { type Drawing, type Drawn, plain } from './drawn.ts'

/** What was decided on incidents, which options were taken, and how long after they were opened here. */
export async function drawResponses({ visit, filter, say }: Drawing): Promise<Drawn> {
  const { services, viewer, t, language } = visit
  const { hits, responses: counted } = await countResponses(services, viewer, filter)
  const named = counted.options.map(({ option, n }) => {
    const found = services.modules.flatMap(({ pictured }) => pictured?.optionName?.(services, option, language) ?? [])
    return { n, name: found[0]?.name ?? option, kind: found[0]?.kind }
  })
  const kinds = [...Map.groupBy(named, ({ kind }) => kind)]
    .map(([kind, some]) => ({ kind, n: some.reduce((sum, { n }) => sum + n, 0) }))
    .toSorted((a, b) => b.n - a.n)
  const kindName = (kind: string | undefined) => (kind ? t(kind) : t('incidents-picture.responses.no-kind'))
  const { usable, before } = counted
  const quartiles = say.quartiles(counted.quartiles, usable)
  const days = (at: 0 | 1 | 2) => (quartiles ? say.words(quartiles[at]) : '–')
  const lines: [name: string, words: string][] = [
    ['decided', say.words(counted.decided)],
    ['undecided', say.words(counted.undecided)],
    ['taken', say.words(counted.taken)],
    ['none', say.words(counted.none)],
  ]
  const bar = (one: 'decided' | 'undecided' | 'taken' | 'none') => ({
    label: t(`incidents-picture.responses.${one}`),
    ...{ n: say.n(counted[one]), words: say.words(counted[one]) },
  })
  const title = t('incidents-picture.responses.title')
  return {
    hits,
    method: t('incidents-picture.responses.method'),
    ...(counted.decided + counted.undecided > 0 && {
      chart: (
        <>
          <h3>{t('incidents-picture.incidents')}</h3>
          <BarsChart label={t('incidents-picture.incidents')} rows={(['decided', 'undecided'] as const).map(bar)} />
          {counted.decided > 0 && (
            <>
              <h3>{t('incidents-picture.responses.options')}</h3>
              <BarsChart
                label={t('incidents-picture.responses.options')}
                rows={[
                  ...(['taken', 'none'] as const).map(bar),
                  ...kinds.map(({ kind, n }) => ({ label: kindName(kind), n: say.n(n), words: say.words(n) })),
                ]}
              />
            </>
          )}
        </>
      ),
    }),
    tables: [
      {
        caption: title,
        head: [t('incidents-picture.responses.what'), t('incidents-picture.responses.count')],
        rows: lines.map(([name, words]) => [plain(t(`incidents-picture.responses.${name}`)), plain(words)]),
      },
      {
        caption: t('incidents-picture.responses.options'),
        head: ['option', 'kind', 'decisions'].map((one) => t(`incidents-picture.responses.${one}`)),
        words: [1],
        rows: named.map(({ name, kind, n }) => [plain(name), plain(kindName(kind)), plain(say.words(n))]),
      },
      {
        caption: t('incidents-picture.responses.days'),
        head: [
          ...['median', 'quarter', 'three-quarters', 'usable'].map((one) => t(`incidents-picture.${one}`)),
          t('incidents-picture.responses.before'),
        ],
        rows: [[days(1), days(0), days(2), say.words(usable), say.words(before)].map((words) => plain(words))],
      },
    ],
  }
}
