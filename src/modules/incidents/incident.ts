import { type RawBuilder, type Selectable, sql } from 'kysely'
import { Refusal } from '../../core/http/refusal.ts'
import { atHome, mark, reveal } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { Tlp } from '../../protocol/types.ts'
import { inSight, isInSight } from './need-to-know/in-sight.ts'
import { readSchemes } from './severity/read-schemes.ts'
import type { IncidentSource } from './tables.ts'
import './tables.ts'

export const incidentStates = ['open', 'contained', 'closed'] as const
export type IncidentState = (typeof incidentStates)[number]

/** A level, never without its scheme. */
export interface ShownSeverity {
  scheme: string
  level: string
  figure: number
}

/** An incident as its own page heads it. Times are ms. */
export interface Incident {
  id: string
  /** `INC 2026/1`; `INC 2026/4F09AC` where only named readers ever knew of it: no gap in the series tells of it. */
  reference: string
  codeName: string
  title: string
  summary: string
  category: string
  drill: boolean
  /** Narrowest label an object in it may carry. */
  ceiling: Tlp
  /** Label of everything written about it at home. */
  marking: Tlp
  state: IncidentState
  /** Under the scheme the house shows, as it was computed when the questions were answered. */
  severity?: ShownSeverity
  source: IncidentSource
  openedBy: string
  /** Person who decides on its readers. */
  lead: string
  /** Known to its lead and named readers only. */
  isRestricted: boolean
  office: string
  openedAt: number
  touchedAt: number
}

/** The reader at home that a signed-in person is at the gate. */
export const readerOf = (services: Services, viewer: Viewer) => atHome(services, viewer)

/**
 * The incident, for a person who may read it.
 *
 * @throws Refusal `incidents.not-found` where there is none, it is marked above the reader or they need not know of
 *   it: all look the same.
 */
export async function getIncident(services: Services, viewer: Viewer, id: string): Promise<Incident> {
  const row = await services.db
    .selectFrom('home.incidents_incident')
    .selectAll()
    .select(shownSeverity(services, viewer))
    .where('id', '=', id)
    .where(isInSight(services, viewer))
    .executeTakeFirst()
  const revealed = row && reveal(mark(toIncident(row), { tlp: row.marking }), readerOf(services, viewer), 'page')
  if (!revealed?.shown) throw new Refusal('incidents.not-found')
  return revealed.value
}

/** The same, refused when it is closed: nothing is added to a closed incident. */
export async function getOpenIncident(services: Services, viewer: Viewer, id: string): Promise<Incident> {
  const incident = await getIncident(services, viewer, id)
  if (incident.state === 'closed') throw new Refusal('incidents.closed', { name: incident.codeName })
  return incident
}

/** Incidents the person may read, the one touched last first. */
export async function listIncidents(
  services: Services,
  viewer: Viewer,
  filter: { space?: string; drill?: boolean; limit?: number } = {},
): Promise<Incident[]> {
  const { space, drill, limit = 200 } = filter
  const rows = await services.db
    .selectFrom('home.incidents_incident')
    .selectAll()
    .select(shownSeverity(services, viewer))
    .where(isInSight(services, viewer))
    .$if(space !== undefined, (query) =>
      query.where('id', 'in', (eb) =>
        eb
          .selectFrom('home.incidents_link')
          .select('incident')
          .where(inSight(services, viewer))
          .where('space', '=', space as string),
      ),
    )
    .$if(drill !== undefined, (query) => query.where('drill', '=', drill as boolean))
    .orderBy('touched_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.flatMap((row) => {
    const revealed = reveal(mark(toIncident(row), { tlp: row.marking }), readerOf(services, viewer), 'page')
    return revealed.shown ? [revealed.value] : []
  })
}

/** Incidents whose objects can be annexed in a space: those linked to it first, then others of the same kind (drill or not). */
export async function listIncidentChoices(
  services: Services,
  viewer: Viewer,
  space: string,
): Promise<{ id: string; name: string; linked: boolean }[]> {
  if (!viewer.may('incidents:read')) return []
  const facts = await services.ledger.find(space)
  const drill = facts?.drill !== undefined
  const [linked, all] = await Promise.all([
    listIncidents(services, viewer, { space, drill }),
    listIncidents(services, viewer, { drill }),
  ])
  const ids = new Set(linked.map((one) => one.id))
  const others = all.filter((one) => !ids.has(one.id) && one.state !== 'closed')
  return [...linked, ...others].map(({ id, codeName, title }) => ({
    id,
    name: `${codeName} · ${title}`,
    linked: ids.has(id),
  }))
}

/** How people call it: its place in the series of the year. */
export const referenceOf = ({ id, year, number }: Pick<Row, 'id' | 'year' | 'number'>): string =>
  `INC ${year}/${number ?? id.slice(0, 6).toUpperCase()}`

type Row = Selectable<Tables['home.incidents_incident']> & { severity: ShownSeverity | null }

/** What the newest answers under the shown scheme gave, for each row of the table of incidents. */
export function shownSeverity(services: Services, viewer: Viewer) {
  const severity: RawBuilder<ShownSeverity | null> = sql`(
    select case when s.level is not null
        then jsonb_build_object('scheme', s.scheme, 'level', s.level, 'figure', s.figure) end
      from home.incidents_severity s
      where s.incident = home.incidents_incident.id and s.scheme = ${readSchemes(services).shown.id}
        and ${inSight(services, viewer, 's.incident')}
      order by s.ordinal desc limit 1)`
  return severity.as('severity')
}

/** A row as pages head it; whoever asks has passed it through sight, and still has to ask the gate. */
export function toIncident(row: Row): Incident {
  return {
    id: row.id,
    reference: referenceOf(row),
    codeName: row.code_name,
    title: row.title,
    summary: row.summary,
    category: row.category,
    drill: row.drill,
    ceiling: row.ceiling,
    marking: row.marking,
    state: row.state,
    ...(row.severity && { severity: row.severity }),
    source: row.source,
    openedBy: row.opened_by,
    lead: row.lead,
    isRestricted: row.restricted,
    office: row.office,
    openedAt: row.opened_at,
    touchedAt: row.touched_at,
  }
}
