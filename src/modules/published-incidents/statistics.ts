import { sql } from 'kysely'
import type { Services } from '../../core/module/types.ts'
import { basisGroups } from './vocabulary.ts'
import { countResponses } from './what-others-did.ts'
import './tables.ts'

type Db = Services['db']

/** Days from the start of incidents to attributions on one basis. */
export interface Delay {
  group: string
  /** Attributions on this basis: `usable` of them have both days, in order. */
  all: number
  usable: number
  noDay: number
  noStart: number
  before: number
  quartiles?: [number, number, number]
  /** Those where neither day is a 1 January, which often stands for a year alone. */
  exact: { n: number; median?: number }
}

export interface Pair {
  initiator: string
  victim: string
  n: number
}

/** All figures of one batch. */
export type Statistics = Awaited<ReturnType<typeof countStatistics>>

/** Figures of a batch, counted by the database over all its rows; pages read those that are kept. */
export async function countStatistics({ db }: Pick<Services, 'db'>, batch: string) {
  return {
    delays: await loadDelays(db, batch),
    attributions: await countAttributions(db, batch),
    incidents: await countIncidents(db, batch),
    pairs: await loadPairs(db, batch),
    years: await loadYears(db, batch),
    responses: await countResponses({ db }, batch, {}),
    bands: await loadBands(db, batch),
  }
}

/** One row per attribution: a set writes a row for each of the accused. */
const attributionsOf = (batch: string) => sql`
  select ref, coalesce(attribution, '#' || place) as attribution, basis, min(day) as day
  from home.published_incidents_attribution where batch = ${batch} group by 1, 2, 3`

async function loadDelays(db: Db, batch: string): Promise<Delay[]> {
  const groups = Object.entries(basisGroups).flatMap(([name, bases]) => bases.map((basis) => ({ name, basis })))
  const { rows } = await sql<Omit<Delay, 'exact'> & { exact: number; exact_median: number | null }>`
    select g.name as "group", count(*)::int as "all", count(*) filter (where days >= 0)::int as usable,
      count(*) filter (where day is null)::int as "noDay",
      count(*) filter (where day is not null and started_on is null)::int as "noStart",
      count(*) filter (where days < 0)::int as before,
      percentile_cont(array[0.25, 0.5, 0.75]) within group (order by days) filter (where days >= 0) as quartiles,
      count(*) filter (where days >= 0 and is_exact)::int as exact,
      percentile_cont(0.5) within group (order by days) filter (where days >= 0 and is_exact) as exact_median
    from (select a.basis, a.day, i.started_on, a.day::date - i.started_on::date as days,
        right(a.day, 5) <> '01-01' and right(i.started_on, 5) <> '01-01' as is_exact
      from (${attributionsOf(batch)}) a
      join home.published_incidents_incident i on i.batch = ${batch} and i.ref = a.ref) d
    join jsonb_to_recordset(${JSON.stringify(groups)}::jsonb) as g(name text, basis text) on g.basis = d.basis
    group by g.name`.execute(db)
  return Object.keys(basisGroups).map((group) => {
    const row = rows.find((one) => one.group === group)
    if (!row) return { group, all: 0, usable: 0, noDay: 0, noStart: 0, before: 0, exact: { n: 0 } }
    const { exact, exact_median: median, quartiles, ...counts } = row
    return {
      ...counts,
      ...(counts.usable > 0 && quartiles && { quartiles }),
      exact: { n: exact, ...(median !== null && { median }) },
    }
  })
}

/** How many attributions incidents have, and how many countries attributions name. */
async function countAttributions(db: Db, batch: string) {
  const { rows } = await sql<{
    incidents: number
    several: number
    severalRows: number
    attributions: number
    severalCountries: number
    named: number
    incidentsNamed: number
    incidentsSeveral: number
    empty: number
  }>`
    with said as (select ref, coalesce(attribution, '#' || place) as attribution, country
        from home.published_incidents_attribution
        where batch = ${batch} and coalesce(basis, kind, country, initiator, actor, category, day) is not null),
      one as (select ref, attribution, count(distinct country) as countries from said group by 1, 2),
      incident as (select ref, count(distinct attribution) as attributions, count(distinct country) as countries,
        count(*) as n from said group by 1)
    select (select count(*)::int from incident) as incidents,
      (select count(*)::int from incident where attributions > 1) as several,
      (select count(*)::int from incident where n > 1) as "severalRows",
      (select count(*)::int from one) as attributions,
      (select count(*)::int from one where countries > 0) as named,
      (select count(*)::int from one where countries > 1) as "severalCountries",
      (select count(*)::int from incident where countries > 0) as "incidentsNamed",
      (select count(*)::int from incident where countries > 1) as "incidentsSeveral",
      (select count(*)::int from home.published_incidents_attribution where batch = ${batch}) - (select count(*)::int
        from said) as empty`.execute(db)
  return rows[0] as NonNullable<(typeof rows)[0]>
}

async function countIncidents(db: Db, batch: string) {
  const { rows } = await sql<{ all: number; unknown: number; both: number; dated: number; typed: number }>`
    select count(*)::int as "all", count(*) filter (where initiators = '{}')::int as unknown,
      count(*) filter (where initiators <> '{}' and victims <> '{}')::int as both,
      count(*) filter (where started_on is not null)::int as dated,
      count(*) filter (where started_on is not null and types <> '{}')::int as typed
    from home.published_incidents_incident where batch = ${batch}`.execute(db)
  return rows[0] as NonNullable<(typeof rows)[0]>
}

/** Incidents by who is named as initiator and where it was received; an incident with several counts in each. */
async function loadPairs(db: Db, batch: string): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    select initiator, victim, count(*)::int as n
    from home.published_incidents_incident cross join unnest(initiators) initiator cross join unnest(victims) victim
    where batch = ${batch} group by 1, 2 order by n desc, initiator, victim`.execute(db)
  return rows
}

/** Incidents by the year they began and by type; one of several types counts in each. */
async function loadYears(db: Db, batch: string) {
  const { rows } = await sql<{ year: number; type: string; n: number }>`
    select left(started_on, 4)::int as year, type, count(*)::int as n
    from home.published_incidents_incident cross join unnest(types) type
    where batch = ${batch} and started_on is not null group by 1, 2 order by 1, 2`.execute(db)
  return rows
}

/** Incidents by intensity, and how many of them were answered. */
async function loadBands(db: Db, batch: string) {
  const { rows } = await sql<{ band: number | null; n: number; answered: number }>`
    select floor(intensity)::int as band, count(*)::int as n,
      count(*) filter (where exists (select from home.published_incidents_response r
        where r.batch = i.batch and r.ref = i.ref))::int as answered
    from home.published_incidents_incident i where batch = ${batch} group by 1 order by 1 nulls last`.execute(db)
  return rows
}

/** The `most` initiators and victims with the most incidents, and the counts between them. */
export function matrixOf(pairs: readonly Pair[], most: number) {
  const top = (name: 'initiator' | 'victim') => {
    const sums = new Map<string, number>()
    for (const pair of pairs) sums.set(pair[name], (sums.get(pair[name]) ?? 0) + pair.n)
    return [...sums]
      .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, most)
      .map(([one]) => one)
  }
  const [initiators, victims] = [top('initiator'), top('victim')]
  const counts = new Map(pairs.map(({ initiator, victim, n }) => [`${initiator}\n${victim}`, n]))
  const at = (initiator: string, victim: string) => counts.get(`${initiator}\n${victim}`) ?? 0
  const inside = initiators.flatMap((initiator) => victims.map((victim) => at(initiator, victim)))
  const shown = inside.reduce((sum, n) => sum + n, 0)
  const all = pairs.reduce((sum, { n }) => sum + n, 0)
  return { initiators, victims, at, most: Math.max(1, ...inside), beyond: all - shown }
}
