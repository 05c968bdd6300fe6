import { type RawBuilder, sql } from 'kysely'
import { mark, reveal } from '../../../core/markings/index.ts'
import type { Exit, Services, Viewer } from '../../../core/module/types.ts'
import { askFor } from '../../../core/search/index.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { type Incident, type IncidentState, incidentStates, readerOf, shownSeverity, toIncident } from '../incident.ts'
import { areInSight, inCompartment, isInSight } from '../need-to-know/in-sight.ts'
import { readSchemes } from '../severity/read-schemes.ts'
import { keyedNames } from './accused-names.ts'
import '../tables.ts'

/** What the list of incidents is narrowed by. Days are ISO and of UTC. */
export interface IncidentFilter {
  state?: IncidentState
  category?: string
  sector?: string
  country?: string
  drill?: boolean
  from?: string
  until?: string
  /** Spaces one of which it is linked to. */
  spaces?: readonly string[]
  clock?: boolean
  marking?: Tlp
  lead?: string
  /** Its level under the scheme the house shows, by what was answered last. */
  severity?: string
  words?: string
  /** Somebody an attribution names that this person may see; none named for the empty one. */
  accused?: string
}

export const incidentSorts = ['touched', 'opened', 'reference'] as const
export type IncidentSort = (typeof incidentSorts)[number]

export interface FoundIncidents {
  incidents: Incident[]
  /** With every other condition of the filter, by state. */
  states: Record<IncidentState, number>
}

const orders: Record<IncidentSort, { by: RawBuilder<unknown>; columns: HitColumn[] }> = {
  touched: { by: sql`touched_at desc, id`, columns: ['touched_at'] },
  opened: { by: sql`opened_at desc, id`, columns: ['opened_at'] },
  reference: { by: sql`year desc, number desc nulls last, id`, columns: ['year', 'number'] },
}

/**
 * The conditions on a row of the table of incidents, which is asked for sight beside them; what stands in a compartment
 * counts for its readers only.
 */
function meeting(services: Services, viewer: Viewer, filter: Omit<IncidentFilter, 'state'>): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`home.incidents_incident.${name}`)
  const states = (kind: string, code: string) => sql`${column('id')} in (
    select p.incident from home.incidents_particular p
    where p.kind = ${sql.lit(kind)} and p.code = ${code} and p.ended_at is null
      and ${inCompartment(services, viewer, 'p')})`
  const day = (iso: string, plus = 0) => Date.parse(`${iso}T00:00:00Z`) + plus
  const { category, sector, country, drill, from, until, spaces, clock, marking, lead, severity, words, accused } =
    filter
  const conditions: (RawBuilder<unknown> | false)[] = [
    sql`true`,
    category !== undefined && sql`${column('category')} = ${category}`,
    sector !== undefined && states('sector', sector),
    country !== undefined && states('country', country),
    drill !== undefined && sql`${column('drill')} = ${drill}`,
    from !== undefined && sql`${column('opened_at')} >= ${day(from)}`,
    until !== undefined && sql`${column('opened_at')} < ${day(until, 86_400_000)}`,
    spaces !== undefined &&
      sql`${column('id')} in (select l.incident from home.incidents_link l
        where l.space = any(${[...spaces]}::text[]))`,
    clock !== undefined && sql`${sql.raw(clock ? '' : 'not')} (${runsOn(services)})`,
    marking !== undefined && sql`${column('marking')} = ${marking}`,
    lead !== undefined && sql`${column('lead')} = ${lead}`,
    severity !== undefined &&
      sql`${column('id')} in (select s.incident from home.incidents_severity s
        where s.scheme = ${readSchemes(services).shown.id} and s.level = ${severity}
          and not exists (select from home.incidents_severity later where later.incident = s.incident
            and later.scheme = s.scheme and later.ordinal > s.ordinal))`,
    words !== undefined && says(words),
    accused !== undefined && isAccused(services, viewer, accused),
  ]
  return sql.join<boolean>(
    conditions.filter((one) => one !== false),
    sql` and `,
  )
}

/** Some room keeps a clock that runs on it. */
function runsOn(services: Services): RawBuilder<boolean> {
  const rooms = services.modules.flatMap((module) => module.openClockOn?.(services, 'home.incidents_incident.id') ?? [])
  return sql.join<boolean>([sql`false`, ...rooms], sql` or `)
}

/** Attributions that other rooms keep, as far as this person may see them; without any there is nobody accused. */
export function attributionsSeen(services: Services, viewer: Viewer): RawBuilder<unknown> {
  const rooms = services.modules.flatMap(({ pictured }) => pictured?.attributions?.(services, viewer) ?? [])
  const none = sql`select null::text as incident, null::text as claim, null::text as accused, null::text as basis,
    null::text as day, null::text as tlp, false as contested where false`
  return sql.join([none, ...rooms], sql` union all `)
}

/** By whatever way of writing the name; nobody for the empty one. */
function isAccused(services: Services, viewer: Viewer, accused: string): RawBuilder<unknown> {
  const seen = attributionsSeen(services, viewer)
  if (accused === '')
    return sql`home.incidents_incident.id not in (select a.incident from (${seen}) a where a.accused <> '')`
  const names = sql`select distinct accused as name from seen where accused <> '' union select ${accused}::text`
  return sql`home.incidents_incident.id in (
    with seen as materialized (${seen}), keyed as materialized (${keyedNames(names)})
    select seen.incident from seen join keyed on keyed.name = seen.accused
    where keyed.key = (select key from keyed where name = ${accused}))`
}

function says(typed: string): RawBuilder<unknown> {
  const asked = askFor(typed)
  if (typeof asked === 'string') return sql`false`
  return sql`home.incidents_incident.id in (select w.incident from home.incidents_words w
    where w.words @@ ${asked.query}::tsquery)`
}

/** What of incidents is counted or put in order; all of it stands in one index. */
export type HitColumn = 'category' | 'state' | 'marking' | 'drill' | 'opened_at' | 'touched_at' | 'year' | 'number'

/**
 * The incidents in sight that meet the filter, as a relation of `id` and the columns asked for: the list and every
 * picture count the same rows.
 */
export function hitsIn(
  services: Services,
  viewer: Viewer,
  { state, ...others }: IncidentFilter,
  columns: readonly HitColumn[],
): RawBuilder<unknown> {
  const column = (name: string) => sql.ref(`home.incidents_incident.${name}`)
  return sql`select ${sql.join(['id', ...columns].map(column))}
    from home.incidents_incident
    where ${areInSight(services, viewer)} and ${meeting(services, viewer, others)}
      and ${state === undefined ? sql`true` : sql`${column('state')} = ${state}`}`
}

/** Incidents in sight that meet the filter, and how many there are by state; nothing is asked per row. */
export async function listOwn(
  services: Services,
  viewer: Viewer,
  filter: IncidentFilter,
  page: { sort?: IncidentSort; offset?: number; limit: number },
  exit: Exit = 'page',
): Promise<FoundIncidents> {
  const { state, ...others } = filter
  const { sort = 'touched', offset = 0, limit } = page
  const { by, columns } = orders[sort]
  const { rows } = await sql<{ counts: Record<string, number> | null; ids: string[] | null }>`
    with hits as materialized (${hitsIn(services, viewer, others, ['state', ...columns])})
    select (select jsonb_object_agg(state, n) from (select state, count(*)::int as n from hits group by 1) c) as counts,
      array(select id from hits where ${state === undefined ? sql`true` : sql`state = ${state}`}
        order by ${by} limit ${limit} offset ${offset}) as ids`.execute(services.db)
  const [found] = rows
  const states = Object.fromEntries(incidentStates.map((one) => [one, found?.counts?.[one] ?? 0]))
  return {
    states: states as FoundIncidents['states'],
    incidents: await shown(services, viewer, found?.ids ?? [], exit),
  }
}

/** The incidents of these ids that the gate lets this person have, in their order. */
export async function shown(services: Services, viewer: Viewer, ids: string[], exit: Exit): Promise<Incident[]> {
  if (ids.length === 0) return []
  const rows = await services.db
    .selectFrom('home.incidents_incident')
    .selectAll()
    .select(shownSeverity(services, viewer))
    .where('id', 'in', ids)
    .where(isInSight(services, viewer))
    .execute()
  const revealed = new Map(
    rows.flatMap((row) => {
      const one = reveal(mark(toIncident(row), { tlp: row.marking }), readerOf(services, viewer), exit)
      return one.shown ? [[row.id, one.value] as const] : []
    }),
  )
  return ids.flatMap((id) => revealed.get(id) ?? [])
}
