import type { Route, Services, Visit } from '../../../core/module/types.ts'
import { loadJoined } from '../merge/load-joined.ts'
import { listStandingMerges } from '../merge/list-merges.ts'
import { idOf } from '../form-route.ts'
import { getIncident, listIncidents } from '../incident.ts'
import { IncidentPage } from './incident-page.tsx'
import { listRooms } from './incident-rooms.tsx'
import { IncidentsPage } from './list-page.tsx'
import { incidentData, listObjects, loadIncident } from './load-incident.ts'
import { ObjectsPage, objectsPerPage } from './objects-page.tsx'

/** The list, an incident, its objects. */
export function readRoutes(services: Services): Route[] {
  const list = (visit: Visit) => listIncidents(services, visit.viewer)
  const one = async (visit: Visit) => incidentData(await loadIncident(services, visit.viewer, idOf(visit)))
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
                  incidents={await list(visit)}
                  merged={await listStandingMerges(services, visit.viewer)}
                />
              ),
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
        const loaded = await loadIncident(services, visit.viewer, idOf(visit))
        if (visit.wantsJson) return { data: incidentData(loaded) }
        const [rooms, joined] = await Promise.all([
          listRooms(visit.services, visit.viewer, loaded.incident.id),
          loadJoined(services, visit.viewer, loaded),
        ])
        return { page: <IncidentPage visit={visit} loaded={loaded} joined={joined} rooms={rooms} /> }
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
        return { page: <ObjectsPage visit={visit} incident={incident} from={from} {...listed} /> }
      },
    },
  ]
}
