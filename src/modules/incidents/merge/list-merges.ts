import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Reader } from '../../../core/storage/types.ts'
import { referenceOf } from '../incident.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** The other incident of a merge or split. */
export interface OtherIncident {
  id: string
  reference: string
  codeName: string
}

/** A merge or a split as both incidents tell of it. */
export interface Joining {
  id: string
  kind: 'merged-into' | 'merged-from' | 'split-into' | 'split-from' | 'unmerged'
  other: OtherIncident
  why: string
  by: string
  at: number
  /** What a split took along; relationships that join both sides stayed. */
  went?: { lines: number; evidence: number[]; objects: number; torn: number }
}

/**
 * What an incident was merged with or split from, oldest first. Both sides have to be in sight: who may not know of
 * one finds no trace of it at the other.
 */
export async function listJoinings(services: Services, viewer: Viewer, incident: string): Promise<Joining[]> {
  const [merges, splits] = await Promise.all([
    mergeRows(services, viewer, services.db, { either: incident }),
    splitRows(services, viewer, incident),
  ])
  const merged = merges.flatMap((row): Joining[] => {
    const isMine = row.incident === incident
    const other = otherOf(row, isMine)
    const common = { other, why: row.why, by: row.by_person, at: row.at }
    return [
      { ...common, id: row.id, kind: isMine ? 'merged-into' : 'merged-from' },
      ...(row.undone_at === null
        ? []
        : [
            {
              id: `${row.id}-undone`,
              kind: 'unmerged' as const,
              other,
              why: row.undone_why ?? '',
              by: row.undone_by ?? '',
              at: row.undone_at,
            },
          ]),
    ]
  })
  const split = splits.map((row): Joining => {
    const isMine = row.incident === incident
    return {
      id: row.id,
      kind: isMine ? 'split-into' : 'split-from',
      other: otherOf(row, isMine),
      why: row.why,
      by: row.by_person,
      at: row.at,
      went: { lines: row.lines, evidence: row.evidence, objects: row.objects, torn: row.torn },
    }
  })
  return [...merged, ...split].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

/** What stands merged into which, as far as both are in sight: merged incident → the one it is read through. */
export async function listStandingMerges(services: Services, viewer: Viewer): Promise<Map<string, OtherIncident>> {
  const rows = await mergeRows(services, viewer, services.db, { standing: true })
  return new Map(rows.map((row) => [row.incident, otherOf(row, true)]))
}

/** What an incident stands merged into, where this person may know of both. */
export async function findMergedInto(
  services: Services,
  viewer: Viewer,
  incident: string,
  db: Reader = services.db,
): Promise<(OtherIncident & { merge: string }) | undefined> {
  const rows = await mergeRows(services, viewer, db, { standing: true, incident })
  return rows[0] && { ...otherOf(rows[0], true), merge: rows[0].id }
}

/** Ids of what stands merged into an incident, directly or through another, as far as all on the way are in sight. */
export async function listMergedIds(services: Services, viewer: Viewer, incident: string): Promise<string[]> {
  const { rows } = await sql<{ incident: string }>`
    with recursive below as (
      select m.incident, m.at from home.incidents_merge m
      where m.into_incident = ${incident} and m.undone_at is null
        and ${inSight(services, viewer, 'm.incident')} and ${inSight(services, viewer, 'm.into_incident')}
      union
      select m.incident, m.at from home.incidents_merge m join below on m.into_incident = below.incident
      where m.undone_at is null and ${inSight(services, viewer, 'm.incident')})
    select incident from below order by at, incident`.execute(services.db)
  return rows.map((row) => row.incident)
}

/** Items of evidence that splits took from an incident, with where each stands now, as far as all of it is in sight. */
export async function listSplitEvidence(
  services: Services,
  viewer: Viewer,
  incident: string,
): Promise<{ id: string; incident: string }[]> {
  const { rows } = await sql<{ id: string; incident: string }>`
    select e.id, e.incident from home.incidents_split s
      cross join lateral jsonb_array_elements(coalesce(s.moved->'evidence', '[]')) went
      join home.incidents_evidence e on e.id = went->>'id'
    where s.incident = ${incident} and ${inSight(services, viewer, 's.incident')}
      and ${inSight(services, viewer, 's.into_incident')} and ${inSight(services, viewer, 'e.incident')}`.execute(
    services.db,
  )
  return rows
}

type Which = { either: string } | { standing: true; incident?: string }

async function mergeRows(services: Services, viewer: Viewer, db: Reader, which: Which) {
  return db
    .selectFrom('home.incidents_merge')
    .innerJoin('home.incidents_incident as a', 'a.id', 'home.incidents_merge.incident')
    .innerJoin('home.incidents_incident as b', 'b.id', 'home.incidents_merge.into_incident')
    .selectAll('home.incidents_merge')
    .select(['a.code_name as aName', 'a.year as aYear', 'a.number as aNumber'])
    .select(['b.code_name as bName', 'b.year as bYear', 'b.number as bNumber'])
    .where(inSight(services, viewer, 'home.incidents_merge.incident'))
    .where(inSight(services, viewer, 'home.incidents_merge.into_incident'))
    .$if('either' in which, (query) => {
      const { either } = which as { either: string }
      return query.where((eb) =>
        eb.or([
          eb('home.incidents_merge.incident', '=', either),
          eb('home.incidents_merge.into_incident', '=', either),
        ]),
      )
    })
    .$if('standing' in which, (query) => query.where('home.incidents_merge.undone_at', 'is', null))
    .$if('incident' in which && which.incident !== undefined, (query) =>
      query.where('home.incidents_merge.incident', '=', (which as { incident: string }).incident),
    )
    .execute()
}

async function splitRows(services: Services, viewer: Viewer, incident: string) {
  return (
    services.db
      .selectFrom('home.incidents_split')
      .innerJoin('home.incidents_incident as a', 'a.id', 'home.incidents_split.incident')
      .innerJoin('home.incidents_incident as b', 'b.id', 'home.incidents_split.into_incident')
      .select(
        (['id', 'incident', 'into_incident', 'why', 'by_person', 'at'] as const).map(
          (one) => `home.incidents_split.${one}` as const,
        ),
      )
      // Counted there: thousands of identifiers may have gone.
      .select([
        sql<number>`jsonb_array_length(moved->'facts') + jsonb_array_length(moved->'entries')
        + jsonb_array_length(moved->'particulars')`.as('lines'),
        sql<number[]>`jsonb_path_query_array(coalesce(moved->'evidence', '[]'), '$[*].number')`.as('evidence'),
        sql<number>`jsonb_array_length(coalesce(moved->'objects', '[]'))`.as('objects'),
        sql<number>`coalesce((moved->>'torn')::integer, 0)`.as('torn'),
      ])
      .select(['a.code_name as aName', 'a.year as aYear', 'a.number as aNumber'])
      .select(['b.code_name as bName', 'b.year as bYear', 'b.number as bNumber'])
      .where(inSight(services, viewer, 'home.incidents_split.incident'))
      .where(inSight(services, viewer, 'home.incidents_split.into_incident'))
      .where((eb) =>
        eb.or([
          eb('home.incidents_split.incident', '=', incident),
          eb('home.incidents_split.into_incident', '=', incident),
        ]),
      )
      .execute()
  )
}

interface Ends {
  incident: string
  into_incident: string
  aName: string
  aYear: number
  aNumber: number | null
  bName: string
  bYear: number
  bNumber: number | null
}

function otherOf(row: Ends, isMine: boolean): OtherIncident {
  const id = isMine ? row.into_incident : row.incident
  const [codeName, year, number] = isMine ? [row.bName, row.bYear, row.bNumber] : [row.aName, row.aYear, row.aNumber]
  return { id, reference: referenceOf({ id, year, number }), codeName }
}
