import type { Selectable } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import { atHome, mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tables } from '../../../core/storage/tables.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { drillSpacesOf, inSight, stretchOf } from '../../incidents/index.ts'
import type { ReportContent, ServiceContent, Told } from '../tables.ts'
import '../tables.ts'
import { isEnough, priorities } from '../vocabulary.ts'
import { type Course, courseOf, inOrder, type Turn } from './course.ts'
import { mayRunOut } from './may-run-out.ts'
import { momentOf } from './moment.ts'
import { type Node, type Outlook, outlooks } from './outlook.ts'
import { isBeforeOutage, lossOf, type Target, targetsOf } from './targets.ts'

type ServiceRow = Selectable<Tables['home.recovery_service']>
type ReportRow = Selectable<Tables['home.recovery_report']>

/** A report as it was told, with who wrote it down. */
export interface Report {
  id: string
  ordinal: number
  content: Exclude<ReportContent, { kind: 'struck' }>
  tlp: Tlp
  by: string
  /** On the clock of the incident, ms. */
  toldAt: number
  struck?: { why: string; by: string; at: number }
}

/** What is expected by those who answer for a service. */
export interface Forecast extends Told {
  /** ms; they cannot say where it is not there. */
  expected?: number
  toldAt: number
  /** The moment is over, and the service will not do yet. */
  isPassed: boolean
}

export interface Service {
  id: string
  incident: string
  content: ServiceContent
  tlp: Tlp
  why: string
  by: string
  at: number
  /** What the plan said of it before, newest first. */
  before: { content: ServiceContent; why: string; by: string; at: number }[]
  /** All that was told of it, in the order in which it was told. */
  reports: Report[]
  /** Reports that stand, in the order of what they tell. */
  turns: Turn[]
  course?: Course
  standing: Node['standing']
  forecast?: Forecast
  targets: Target[]
  /** The day agreed for it lies before its outage. */
  isTargetStale: boolean
  loss?: { ms: number; isMet?: boolean }
  outlook?: Outlook
}

export interface RecoveryPlan {
  incident: string
  /** On the clock of the incident, ms. */
  now: number
  /** Drill space whose clock it runs on. */
  clockSpace?: string
  /** By priority, then as they were entered. */
  services: Service[]
  /** Taken off the plan. */
  off: Service[]
  /** Marked above the reader. */
  withheld: { services: number; reports: number }
  /** What needs what, of hidden services too: to find circles by, and never to be shown. */
  wires: ReadonlyMap<string, readonly string[]>
}

interface Asked {
  incident?: string
  leaving?: Tlp
  /** Of open incidents only, and of their services only those that may ask something of somebody by time alone. */
  mayRunOut?: boolean
}

/**
 * Recovery plans of all incidents this person may know of, or of one: three queries however many there are. What is
 * marked above the person is left out before anything is reckoned; with `leaving`, what may not leave under that
 * marking too.
 */
export async function readPlans(
  services: Services,
  viewer: Viewer,
  { incident, leaving, mayRunOut: isDue = false }: Asked = {},
): Promise<RecoveryPlan[]> {
  const [entries, told] = await Promise.all([
    services.db
      .selectFrom('home.recovery_service')
      .selectAll()
      .where(inSight(services, viewer, 'home.recovery_service.incident'))
      .$if(isDue, (query) => query.where(mayRunOut(services, viewer, 'home.recovery_service')))
      .$if(incident !== undefined, (query) => query.where('incident', '=', incident as string))
      .orderBy('ordinal')
      .execute(),
    services.db
      .selectFrom('home.recovery_report')
      .selectAll()
      .where(inSight(services, viewer, 'home.recovery_report.incident'))
      .$if(isDue, (query) => query.where(mayRunOut(services, viewer, 'home.recovery_report')))
      .$if(incident !== undefined, (query) => query.where('incident', '=', incident as string))
      .orderBy('ordinal')
      .execute(),
  ])
  const byIncident = Map.groupBy(entries, (row) => row.incident)
  const reports = Map.groupBy(told, (row) => row.incident)
  const spaces = await drillSpacesOf(services, viewer, [...byIncident.keys()])
  const nows = new Map(
    await Promise.all(
      [...new Set(spaces.values())].map(async (space) => [space, await services.ledger.scenarioNow(space)] as const),
    ),
  )
  const shows = atHome(services, viewer)
  const leaves = leaving && { party: services.party, ceiling: leaving, member: true }
  const shown = ({ tlp }: { tlp: Tlp }) => {
    const marked = mark(tlp, { tlp })
    return reveal(marked, shows, 'page').shown && (!leaves || reveal(marked, leaves, 'federation').shown)
  }
  return [...byIncident].map(([id, rows]) => {
    const space = spaces.get(id)
    const now = (space === undefined ? undefined : nows.get(space)) ?? services.clock.now()
    return {
      ...planOf({ entries: rows, told: reports.get(id) ?? [], now, shown }),
      incident: id,
      now,
      ...(space !== undefined && { clockSpace: space }),
    }
  })
}

/** The plan of one incident, empty where nobody began one. */
export async function readPlan(
  services: Services,
  viewer: Viewer,
  incident: string,
  leaving?: Tlp,
): Promise<RecoveryPlan> {
  const [plan] = await readPlans(services, viewer, { incident, ...(leaving && { leaving }) })
  if (plan) return plan
  const space = (await drillSpacesOf(services, viewer, [incident])).get(incident)
  const now = space === undefined ? services.clock.now() : await services.ledger.scenarioNow(space)
  const none = { services: [], off: [], withheld: { services: 0, reports: 0 }, wires: new Map() }
  return { incident, now, ...none, ...(space !== undefined && { clockSpace: space }) }
}

/** @throws Refusal `recovery.service-not-found` */
export function serviceIn(plan: RecoveryPlan, id: string): Service {
  const found = [...plan.services, ...plan.off].find((one) => one.id === id)
  if (!found) throw new Refusal('recovery.service-not-found')
  return found
}

interface Rows {
  entries: readonly ServiceRow[]
  told: readonly ReportRow[]
  now: number
  shown(row: { tlp: Tlp }): boolean
}

/** What can be reckoned from the rows that are shown, and from no others. */
export function planOf({ entries, told, now, shown }: Rows): Omit<RecoveryPlan, 'incident' | 'now' | 'clockSpace'> {
  const series = [...Map.groupBy(entries, (row) => row.service)]
  // What a later entry marked narrower is not shown by what it said before.
  const visible = series.filter(([, rows]) => shown(rows.at(-1) as ServiceRow))
  const ids = new Set(visible.map(([id]) => id))
  const reports = told.filter((row) => ids.has(row.service))
  const readable = Map.groupBy(reports.filter(shown), (row) => row.service)
  const all = visible.map(([id, rows]) => serviceOf(rows.filter(shown), readable.get(id) ?? [], now))
  const on = all.filter(({ content }) => !content.isOff)
  const found = outlooks(on.map(nodeOf))
  const services = on
    .map((one): Service => {
      const outlook = found.get(one.id)
      return outlook ? { ...one, outlook } : one
    })
    .toSorted((a, b) => priorities.indexOf(a.content.priority) - priorities.indexOf(b.content.priority))
  return {
    services,
    off: all.filter(({ content }) => content.isOff),
    withheld: {
      services: series.length - visible.length,
      reports: reports.length - [...readable.values()].flat().length,
    },
    wires: new Map(
      series.flatMap(([id, rows]) => {
        const newest = rows.at(-1)?.content
        return newest && !newest.isOff ? [[id, newest.needs] as const] : []
      }),
    ),
  }
}

const nodeOf = ({ id, content, standing, forecast }: Service): Node => ({
  id,
  needs: content.needs,
  standing,
  ...(forecast?.expected !== undefined && !forecast.isPassed && { stated: forecast.expected }),
})

function serviceOf(rows: readonly ServiceRow[], told: readonly ReportRow[], now: number): Service {
  const [newest, ...older] = rows.toReversed() as [ServiceRow, ...ServiceRow[]]
  const { content } = newest
  const reports = reportsOf(told)
  const standing = reports.filter(({ struck }) => !struck)
  const turns = inOrder(standing.flatMap(turnOf))
  const course = courseOf(turns, content.enough)
  const doesWell = course && isEnough(course.state, content.enough)
  const forecast = doesWell ? undefined : forecastOf(standing, course, now)
  const loss = lossOf(content, course)
  return {
    id: newest.service,
    incident: newest.incident,
    content,
    tlp: newest.tlp,
    why: newest.why,
    by: newest.by_person,
    at: newest.at,
    before: older.map(({ content: said, why, by_person: by, at }) => ({ content: said, why, by, at })),
    reports,
    turns,
    standing: course ? (doesWell ? 'enough' : 'not-enough') : 'unreported',
    targets: targetsOf(content, course, now),
    isTargetStale: isBeforeOutage(content, course),
    ...(course && { course }),
    ...(forecast && { forecast }),
    ...(loss && { loss }),
  }
}

function reportsOf(told: readonly ReportRow[]): Report[] {
  const struck = new Map(
    told.flatMap(({ content, by_person: by, at }) =>
      content.kind === 'struck' ? [[content.report, { why: content.why, by, at }] as const] : [],
    ),
  )
  return told.flatMap(({ id, ordinal, content, tlp, by_person: by, told_at: toldAt }) => {
    if (content.kind === 'struck') return []
    const ended = struck.get(id)
    return [{ id, ordinal, content, tlp, by, toldAt, ...(ended && { struck: ended }) }]
  })
}

/** The turn a report tells of; none where it is a forecast. */
export function turnOf({
  id,
  ordinal,
  content,
  toldAt,
}: Pick<Report, 'id' | 'ordinal' | 'content' | 'toldAt'>): Turn[] {
  if (content.kind !== 'state') return []
  const { from, until } = stretchOf(content.when)
  // Nothing that was told had happened later than it was told.
  const latest = until === undefined || until > toldAt ? Math.max(toldAt, from ?? toldAt) : until
  const at = { ...(from !== undefined && { from }), until: latest }
  const dataAsOf = content.dataAsOf && momentOf(content.dataAsOf)
  return [{ id, ordinal, state: content.state, at, ...(dataAsOf !== null && { dataAsOf }) }]
}

/** The newest word on when it will be back, of this outage and no earlier one. */
function forecastOf(reports: readonly Report[], course: Course | undefined, now: number): Forecast | undefined {
  const last = reports.findLast(
    ({ content, ordinal }) => content.kind === 'forecast' && ordinal > (course?.began.ordinal ?? -1),
  )
  if (last?.content.kind !== 'forecast') return undefined
  const { expected, saidBy, basis, note } = last.content
  const at = expected && momentOf(expected)
  return {
    ...{ saidBy, basis, note, toldAt: last.toldAt },
    ...(at !== null && { expected: at }),
    isPassed: at !== null && at < now,
  }
}
