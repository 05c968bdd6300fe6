import type { Route, Visit } from '../../../core/module/types.ts'
import { idOf } from '../form-route.ts'
import { getIncident } from '../incident.ts'
import { narrowest } from '../merge/load-joined.ts'
import { listMergedIds } from '../merge/list-merges.ts'
import { listCompartments } from '../need-to-know/compartments.ts'
import { readEntries } from '../read/load-incident.ts'
import { loadLife } from './lanes.ts'
import { LogPage } from './log-page.tsx'

const perPage = 100

/** The log of an incident and of those that are read through it, page by page. */
export function logRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/log',
      permission: 'incidents:read',
      summary: 'The whole log of an incident, the newest first, and its life on lanes of time',
      handle: showLog,
    },
  ]
}

async function showLog(visit: Visit) {
  const { services, viewer, query } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const ids = [incident.id, ...(await listMergedIds(services, viewer, incident.id))]
  const asked = Number(query.get('page') ?? 1)
  const page = Number.isSafeInteger(asked) && asked > 0 ? asked : 1
  const at = { limit: perPage, offset: (page - 1) * perPage }
  const [{ rows, count }, life, incidents, compartments] = await Promise.all([
    readEntries(services, viewer, ids, at),
    loadLife(services, viewer, incident),
    Promise.all(ids.map((id) => getIncident(services, viewer, id))),
    Promise.all(ids.map((id) => listCompartments(services, viewer, id))),
  ])
  if (visit.wantsJson) return { data: { entries: rows, count } }
  const writers = [...new Set(rows.map(({ by }) => by))]
  const found = await Promise.all(
    writers.map(async (by) => [by, (await services.people.find(by))?.name ?? by] as const),
  )
  const names = new Map(found)
  const of = new Map(
    incidents.map((one, place) => [one.id, { incident: one, names, compartments: compartments[place] ?? [] }]),
  )
  const entries = rows.flatMap((row) => {
    const from = of.get(row.incident)
    return from ? [{ ...row, of: from }] : []
  })
  const pages = Math.max(1, Math.ceil(count / perPage))
  const shown = { ...incident, marking: narrowest(incidents) }
  return { page: <LogPage {...{ visit, incident: shown, life, entries, page, pages, count }} /> }
}
