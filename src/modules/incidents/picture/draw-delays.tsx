import { QuartilesChart } from '../../../web/index.ts'
import { shown } from '../read/list-own.ts'
import { countDelays, unusableReasons } from './count-delays.ts'
import { type Drawing, type Drawn, given, plain } from './drawn.ts'

const mostListed = 50

/** Days from the start of incidents to their attributions, by basis; what cannot be counted is counted and listed. */
export async function drawDelays({ visit, asked, filter, say }: Drawing): Promise<Drawn> {
  const { services, viewer, t } = visit
  const { hits, delays, unusable } = await countDelays(services, viewer, filter, {
    // Single incidents are nothing for others.
    listed: asked.outside ? 0 : mostListed,
  })
  const incidents = await shown(services, viewer, [...new Set(unusable.map(({ incident }) => incident))], 'page')
  const names = new Map(incidents.map((one) => [one.id, one]))
  const title = t('incidents-picture.delays.title')
  const name = (basis: string | null) =>
    basis === null ? t('incidents-picture.delays.any') : t(`published-incidents.basis.${basis}`)
  const told = delays.map((one) => ({ ...one, quartiles: say.quartiles(one.quartiles, one.usable) }))
  const drawable = told.flatMap(({ basis, quartiles, usable }) =>
    quartiles ? [{ label: name(basis), quartiles, words: say.words(usable) }] : [],
  )
  const quartile = ({ quartiles }: (typeof told)[number], at: 0 | 1 | 2) =>
    plain(quartiles ? say.words(quartiles[at]) : '–')
  return {
    hits,
    method: t('incidents-picture.delays.method'),
    ...(drawable.length > 0 && {
      chart: <QuartilesChart label={title} rows={drawable} days={(count) => t('incidents-picture.days', { count })} />,
    }),
    tables: [
      {
        caption: title,
        head: [
          t('incidents-picture.delays.basis'),
          ...['median', 'quarter', 'three-quarters', 'usable', 'all'].map((one) => t(`incidents-picture.${one}`)),
          ...unusableReasons.map((reason) => t(`incidents-picture.delays.${reason}`)),
        ],
        rows: told.map((one) => [
          plain(name(one.basis)),
          quartile(one, 1),
          quartile(one, 0),
          quartile(one, 2),
          plain(say.words(one.usable)),
          plain(say.words(one.all)),
          ...unusableReasons.map((reason) => plain(say.words(one.unusable[reason]))),
        ]),
      },
      ...(unusable.length === 0
        ? []
        : [
            {
              caption: t('incidents-picture.delays.unusable', { count: unusable.length }),
              head: ['incident', 'day', 'reason'].map((one) => t(`incidents-picture.delays.${one}`)),
              words: [1, 2],
              rows: unusable.flatMap(({ incident, day, reason }) => {
                const one = names.get(incident)
                return one
                  ? [
                      [
                        given(`${one.reference} ${one.codeName}`, `/incidents/${incident}/attributions`),
                        plain(day),
                        plain(t(`incidents-picture.delays.${reason}`)),
                      ],
                    ]
                  : []
              }),
            },
          ]),
    ],
  }
}
