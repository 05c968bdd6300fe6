import type { Route, Services, Visit } from '../../../core/module/types.ts'
import { loadJoined } from '../merge/load-joined.ts'
import { listStandingMerges } from '../merge/list-merges.ts'
import { idOf } from '../form-route.ts'
import { audit } from '../../../core/auth/index.ts'
import { getIncident } from '../incident.ts'
import { IncidentPage } from './incident-page.tsx'
import { listRooms } from './incident-rooms.tsx'
import { csvLines, incidentsCsv } from './incidents-csv.ts'
import { listBundles } from '../bundles/list-bundles.ts'
import { listCarried } from '../share/carried.ts'
import { listChoices } from './list-choices.ts'
import { listOwn } from './list-own.ts'
import { IncidentsPage, incidentsPerPage } from './list-page.tsx'
import { filterFor, readAsked } from './list-query.ts'
import { incidentData, listObjects, loadIncident } from './load-incident.ts'
import { ObjectsPage, objectsPerPage } from './objects-page.tsx'

/** Entries of a log that data of an incident brings along; `/incidents/:incident/log` has them all. */
const entriesOfData = 500

/** The list, an incident, its objects. */
export function readRoutes(services: Services): Route[] {
  const listed = async ({ viewer, query }: Visit) => {
    const asked = readAsked(query)
    const at = { sort: asked.sort, limit: incidentsPerPage, offset: (asked.page - 1) * incidentsPerPage }
    return { asked, found: await listOwn(services, viewer, await filterFor(services, asked), at) }
  }
  const list = async (visit: Visit) => (await listed(visit)).found.incidents
  const one = async (visit: Visit) =>
    incidentData(await loadIncident(services, visit.viewer, idOf(visit), { entries: entriesOfData }))
  return [
    {
      method: 'GET',
      path: '/incidents',
      permission: 'incidents:read',
      summary: 'Incidents kept at home',
      handle: async (visit) =>
        visit.wantsJson
          ? { data: await list(visit) }
          : {
              page: (
                <IncidentsPage
                  visit={visit}
                  {...(await listed(visit))}
                  choices={await listChoices(services)}
                  merged={await listStandingMerges(services, visit.viewer)}
                />
              ),
            },
    },
    {
      method: 'GET',
      path: '/incidents/csv',
      permission: 'incidents:read',
      summary: 'The same list as CSV',
      async handle(visit) {
        const asked = readAsked(visit.query)
        const filter = await filterFor(services, asked)
        const at = { sort: asked.sort, limit: csvLines }
        const [{ incidents }, people] = await Promise.all([
          listOwn(services, visit.viewer, filter, at, 'print'),
          services.people.list(),
        ])
        const names = new Map(people.map(({ id, name }) => [id, name]))
        await audit(services.db, {
          at: services.clock.now(),
          person: visit.viewer.person.id,
          what: 'incidents-taken',
          about: '',
        })
        return new Response(
          incidentsCsv(visit, incidents, (person) => names.get(person) ?? person),
          {
            headers: {
              'content-type': 'text/csv; charset=utf-8',
              'content-disposition': 'attachment; filename="incidents.csv"',
              'cache-control': 'private, no-store',
            },
          },
        )
      },
    },
    {
      method: 'GET',
      path: '/api/v1/incidents',
      permission: 'incidents:read',
      summary: 'Incidents kept at home',
      handle: async (visit) => ({ data: await list(visit) }),
    },
    {
      method: 'GET',
      path: '/api/v1/incidents/:incident',
      permission: 'incidents:read',
      summary: 'One incident with its record',
      handle: async (visit) => ({ data: await one(visit) }),
    },
    {
      method: 'GET',
      path: '/incidents/:incident',
      permission: 'incidents:read',
      summary: 'One incident with its record',
      async handle(visit) {
        if (visit.wantsJson) return { data: await one(visit) }
        const loaded = await loadIncident(services, visit.viewer, idOf(visit), { withAffected: true })
        const [rooms, joined, carried, bundles] = await Promise.all([
          listRooms(visit.services, visit.viewer, loaded.incident.id),
          loadJoined(services, visit.viewer, loaded),
          listCarried(services, visit.viewer, loaded.incident.id),
          listBundles(services, visit.viewer, loaded.incident.id),
        ])
        return { page: <IncidentPage {...{ visit, loaded, joined, rooms, carried, bundles }} /> }
      },
    },
    {
      method: 'GET',
      path: '/incidents/:incident/objects',
      permission: 'incidents:read',
      summary: 'Objects of an incident',
      async handle(visit) {
        const incident = await getIncident(services, visit.viewer, idOf(visit))
        const asked = Number(visit.query.get('from') ?? 0)
        const from = Number.isSafeInteger(asked) && asked > 0 ? asked : 0
        const listed = await listObjects(services, visit.viewer, incident.id, { from, limit: objectsPerPage })
        if (visit.wantsJson) return { data: listed }
        const bundles = await listBundles(services, visit.viewer, incident.id)
        return { page: <ObjectsPage {...{ visit, incident, from, bundles }} {...listed} /> }
      },
    },
  ]
}
