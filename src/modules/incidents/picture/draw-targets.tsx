import { formatList } from '../../../text/index.ts'
import { MatrixChart } from '../../../web/index.ts'
import { nobody } from '../read/list-query.ts'
import { listAddress, narrowerAddress } from './asked.ts'
import { countTargets, type Target } from './count-targets.ts'
import { kindName } from './draw-kinds.tsx'
import { type Cell, type Drawing, type Drawn, given, plain } from './drawn.ts'

/** Rows and columns of the picture; the table has more. */
const mostDrawn = 12

const keyOf = ({ accused, place }: Pick<Target, 'accused' | 'place'>) => JSON.stringify([accused, place])

/** Who is accused by attributions that the reader may see, against whose victims. */
export async function drawTargets({ visit, asked, filter, say }: Drawing): Promise<Drawn> {
  const { services, viewer, t, language, query } = visit
  const { hits, cells, accused, places, beyond, spellings } = await countTargets(services, viewer, filter, asked.of)
  const at = new Map(cells.map((cell) => [keyOf(cell), cell]))
  const accusedName = (name: string | null) => name ?? t('incidents-picture.targets.nobody')
  const placeName = (place: string | null) => kindName(visit, asked.of, place)
  const told = (n: number, contested: number) =>
    contested === 0
      ? say.words(n)
      : t('incidents-picture.targets.of-contested', { n: say.words(n), contested: say.words(contested) })
  const address = (name?: string | null, place?: string | null) =>
    place === null
      ? undefined
      : narrowerAddress(query, {
          ...(name !== undefined && { accused: name ?? nobody }),
          ...(place !== undefined && { [asked.of]: place }),
        })
  const cell = (name: string | null, place: string | null): Cell => {
    const one = at.get(keyOf({ accused: name, place }))
    return one ? plain(told(one.n, one.contested), address(name, place)) : plain('–')
  }
  // The last of each axis is what nobody named or stated: it always stands in the picture.
  const drawnOf = <T,>(all: T[], isLast: (one: T) => boolean) => [
    ...all.filter((one) => !isLast(one)).slice(0, mostDrawn),
    ...all.filter(isLast),
  ]
  const rows = drawnOf(accused, (one) => one.accused === null)
  const columns = drawnOf(places, (one) => one.place === null)
  const title = t(`incidents-picture.targets.by-${asked.of}`)
  return {
    hits,
    method: t('incidents-picture.targets.method', {
      accused: say.n(beyond.accused),
      places: say.n(beyond.places),
    }),
    ...(accused.length > 0 && {
      chart: (
        <MatrixChart
          label={title}
          rows={rows.map((one) => accusedName(one.accused))}
          columns={columns.map((one) => placeName(one.place))}
          at={(y, x) => {
            const one = at.get(keyOf({ accused: rows[y]?.accused ?? null, place: columns[x]?.place ?? null }))
            return one && { n: say.n(one.n), words: say.words(one.n), isContested: one.contested > 0 }
          }}
        />
      ),
    }),
    tables: [
      {
        caption: title,
        head: [
          t('incidents-picture.targets.accused'),
          t('incidents-picture.all'),
          ...places.map(({ place }) => placeName(place)),
        ],
        rows: [
          ...accused.map((one) => [
            one.accused === null ? plain(accusedName(null)) : given(one.accused),
            plain(told(one.n, one.contested), address(one.accused)),
            ...places.map(({ place }) => cell(one.accused, place)),
          ]),
          [
            plain(t('incidents-picture.all')),
            plain(say.words(hits.n), listAddress(query)),
            ...places.map(({ place, n }) => plain(say.words(n), address(undefined, place))),
          ],
        ],
      },
      ...(spellings.length === 0
        ? []
        : [
            {
              caption: t('incidents-picture.targets.spellings'),
              head: ['accused', 'also-typed'].map((one) => t(`incidents-picture.targets.${one}`)),
              words: [1],
              rows: spellings.map((one) => [given(one.accused), given(formatList(one.others, language))]),
            },
          ]),
    ],
  }
}
