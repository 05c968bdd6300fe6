import { audit } from '../../../core/auth/index.ts'
import { writeCsv } from '../../../core/csv/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { mark, reveal } from '../../../core/markings/index.ts'
import type { Exit, Route, Services, Visit } from '../../../core/module/types.ts'
import { readerOf } from '../incident.ts'
import { listChoices } from '../read/list-choices.ts'
import { filterFor } from '../read/list-query.ts'
import { readPicture } from './asked.ts'
import { type Drawn, sayFor } from './drawn.ts'
import { narrowestOf } from './picture-marking.ts'
import { PicturePage } from './picture-page.tsx'
import { type PictureName, pictureNames, pictures } from './pictures.ts'

/** Pictures of many incidents, each as a page, as data and as CSV. */
export function pictureRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/picture',
      permission: 'incidents:read',
      summary: 'The first picture of the incidents kept at home',
      handle: async ({ query }) => ({ redirect: `/incidents/picture/kinds${query.size > 0 ? `?${query}` : ''}` }),
    },
    ...pictureNames.flatMap((picture): Route[] => [
      {
        method: 'GET',
        path: `/incidents/picture/${picture}`,
        permission: 'incidents:read',
        summary: `Picture of incidents kept at home: ${picture}`,
        async handle(visit) {
          const { asked, drawn } = await draw(services, visit, picture, 'page')
          const { hits } = drawn
          if (visit.wantsJson)
            return { data: { incidents: asked.outside ? sayFor(visit, true).words(hits.n) : hits.n, ...dataOf(drawn) } }
          const choices = await listChoices(services)
          return { page: <PicturePage {...{ visit, picture, asked, drawn, choices }} /> }
        },
      },
      {
        method: 'GET',
        path: `/incidents/picture/${picture}/csv`,
        permission: 'incidents:read',
        summary: `The tables under the picture as CSV: ${picture}`,
        handle: (visit) => csvOf(services, visit, picture),
      },
    ]),
  ]
}

/** Draws what this person may have by this way out: a picture is marked as the narrowest of what it counts. */
async function draw(services: Services, visit: Visit, picture: PictureName, exit: Exit) {
  const { viewer } = visit
  const asked = readPicture(services, visit.query)
  const filter = await filterFor(services, asked.list)
  const say = sayFor(visit, asked.outside === 'yes')
  const drawn = await pictures[picture]({ visit, asked, filter, say })
  const revealed = reveal(mark(drawn, { tlp: narrowestOf(drawn.hits.labels) }), readerOf(services, viewer), exit)
  if (!revealed.shown) throw new Refusal('incidents.not-found')
  return { asked, drawn: revealed.value }
}

const dataOf = ({ method, tables }: Drawn) => ({
  method,
  tables: tables.map(({ caption, head, rows }) => ({
    caption,
    head,
    rows: rows.map((row) => row.map((one) => one.words)),
  })),
})

async function csvOf(services: Services, visit: Visit, picture: PictureName): Promise<Response> {
  const { drawn } = await draw(services, visit, picture, 'print')
  await audit(services.db, {
    at: services.clock.now(),
    person: visit.viewer.person.id,
    what: 'incidents-taken',
    about: '',
  })
  const rows = drawn.tables.flatMap(({ caption, head, rows: cells }, at) => [
    ...(at > 0 ? [['']] : []),
    [caption],
    head,
    ...cells.map((row) => row.map(({ words }) => words)),
  ])
  return new Response(writeCsv([[`TLP:${narrowestOf(drawn.hits.labels)}`], ...rows]), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="incidents-${picture}.csv"`,
      'cache-control': 'private, no-store',
    },
  })
}
