import { BarsChart, TilesChart } from '../../../web/index.ts'
import { countryName } from '../facts/particular.ts'
import { narrowerAddress } from './asked.ts'
import { countedKinds, type CountedKind, countKinds, countRegions, type KindCount } from './count-kinds.ts'
import { type Drawing, type Drawn, plain } from './drawn.ts'
import { readRegions, regionName } from './regions.ts'

/** Beside them always those of whom it is not stated. */
const mostBars = 15

/** Incidents by category, by sector and country of their victims, and by state. */
export async function drawKinds({ visit, filter, say }: Drawing): Promise<Drawn> {
  const { services, viewer, t, query } = visit
  const { hits, kinds } = await countKinds(services, viewer, filter)
  const name = (of: CountedKind, code: string | null) => kindName(visit, of, code)
  // A name of no link: what is not stated cannot be asked of the list.
  const address = ({ of, code }: KindCount) => (code === null ? undefined : narrowerAddress(query, { [of]: code }))
  const parts = countedKinds.map((of) => ({
    caption: t(`incidents-picture.kinds.${of}`),
    rows: kinds.filter((one) => one.of === of).toSorted((a, b) => Number(a.code === null) - Number(b.code === null)),
  }))
  return {
    hits,
    method: t('incidents-picture.kinds.method'),
    chart: parts
      .filter(({ rows }) => rows.length > 0)
      .map(({ caption, rows }) => (
        <>
          <h3>{caption}</h3>
          <BarsChart
            label={caption}
            rows={rows
              .filter(({ code }, at) => at < mostBars || code === null)
              .map(({ of, code, n }) => ({
                ...{ label: name(of, code), n: say.n(n), words: say.words(n) },
              }))}
          />
        </>
      )),
    tables: parts.map(({ caption, rows }) => ({
      caption,
      head: [caption, t('incidents-picture.incidents')],
      rows: rows.map((one) => [plain(name(one.of, one.code)), plain(say.words(one.n), address(one))]),
    })),
  }
}

type Reading = Pick<Drawing['visit'], 't' | 'language'>

/** A category, state, sector or country in words. */
export function kindName({ t, language }: Reading, of: CountedKind, code: string | null): string {
  if (code === null) return t('incidents-picture.not-stated')
  if (of === 'country') return countryName(code, language) ?? code
  if (of === 'sector') return t(`particulars.sector.${code}`)
  return t(`incidents.${of}.${code}`)
}

/** Where victims are, by region of the world: tiles on a grid, no land and no border. */
export async function drawRegions({ visit, filter, say }: Drawing): Promise<Drawn> {
  const { services, viewer, t, language } = visit
  const { dated, source, unconfirmed, regions: known } = readRegions(services).content
  const { hits, regions, notStated } = await countRegions(services, viewer, filter)
  const counts = new Map(regions.map(({ region, n }) => [region, n]))
  const rows = known.map((region) => ({
    ...region,
    name: regionName(region.code, language),
    n: counts.get(region.code) ?? 0,
  }))
  const placed = counts.get(null) ?? 0
  const title = t('incidents-picture.regions.title')
  return {
    hits,
    method: [
      t('incidents-picture.regions.method', { dated, source }),
      unconfirmed && t('incidents-picture.regions.unconfirmed'),
    ]
      .filter(Boolean)
      .join(' '),
    chart: (
      <TilesChart
        label={title}
        tiles={rows.map(({ row, column, name, n }) => ({
          ...{ row, column, label: name, n: say.n(n), words: n === 0 ? '' : say.words(n) },
        }))}
      />
    ),
    tables: [
      {
        caption: title,
        head: [t('incidents-picture.regions.region'), t('incidents-picture.incidents')],
        rows: [
          ...rows.filter(({ n }) => n > 0).map(({ name, n }) => [plain(name), plain(say.words(n))]),
          [plain(t('incidents-picture.regions.no-region')), plain(say.words(placed))],
          [plain(t('incidents-picture.not-stated')), plain(say.words(notStated))],
        ],
      },
    ],
  }
}
