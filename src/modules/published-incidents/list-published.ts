import { type Expression, type SqlBool, sql } from 'kysely'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services } from '../../core/module/types.ts'
import { askFor } from '../../core/search/index.ts'
import type { Batch } from './batches.ts'
import './tables.ts'

/** What a list is narrowed by. Days are ISO. */
export interface Criteria {
  from?: string
  until?: string
  victim?: string
  initiator?: string
  category?: string
  type?: string
  sector?: string
  basis?: string
  /** At least. */
  intensity?: number
  words?: string
}

export const facetNames = ['victim', 'initiator', 'category', 'type', 'sector', 'basis'] as const
export const perPage = 50

export interface ListedIncident {
  ref: string
  name: string
  start: string | null
  end: string | null
  intensity: number | null
  types: string[]
  victims: string[]
  initiators: string[]
}

/** Incidents of a batch that meet the criteria, newest first, and how many there are; nothing is asked per row. */
export async function listPublished(
  { db }: Pick<Services, 'db'>,
  batch: string,
  criteria: Criteria,
  page = 1,
): Promise<{ incidents: ListedIncident[]; count: number }> {
  const isNarrowed = Object.values(criteria).some((value) => value !== undefined)
  const { words, from, until, ...others } = criteria
  // Rows of words know the day: where nothing else narrows, no other row is touched before the page is.
  const isWordsAlone = words !== undefined && Object.values(others).every((value) => value === undefined)
  const hits = isWordsAlone
    ? sql`select i.ref, i.started_on from home.published_incidents_words i
        where ${sql.join([sql`i.batch = ${batch}`, says(words), ...inPeriod({ from, until })], sql` and `)}`
    : sql`select i.ref, i.started_on from home.published_incidents_incident i where ${meeting(batch, criteria)}`
  const place = sql`order by started_on desc nulls last, ref limit ${perPage} offset ${(page - 1) * perPage}`
  // What was narrowed is found once, for the count and the page; the whole is read off its index.
  const found = isNarrowed ? sql`hits as materialized (${hits})` : sql`hits as not materialized (${hits})`
  const { rows } = await sql<ListedIncident & { count: number; ref: string | null }>`
    with ${found}, page as (select ref from hits ${place})
    select c.count, i.ref, i.name, i.started_on as start, i.ended_on as "end", i.intensity, i.types, i.victims,
      i.initiators
    from (select count(*)::int as count from hits) c
    left join (page join home.published_incidents_incident i on i.batch = ${batch} and i.ref = page.ref) on true
    order by i.started_on desc nulls last, i.ref`.execute(db)
  const incidents = rows.flatMap(({ count: _, ...one }) => (one.ref === null ? [] : [one]))
  return { incidents, count: rows[0]?.count ?? 0 }
}

/** The condition on `i`, an incident of the batch. */
export function meeting(batch: string, criteria: Criteria): Expression<SqlBool> {
  const facets = facetNames.flatMap((name) => (criteria[name] === undefined ? [] : [`${name}:${criteria[name]}`]))
  const { words, intensity } = criteria
  return sql.join<SqlBool>(
    [
      sql`i.batch = ${batch}`,
      ...(facets.length > 0 ? [sql`i.facets @> ${facets}::text[]`] : []),
      ...inPeriod(criteria),
      ...(intensity === undefined ? [] : [sql`i.intensity >= ${intensity}`]),
      ...(words === undefined ? [] : [saidIn(batch, words)]),
    ],
    sql` and `,
  )
}

const inPeriod = ({ from, until }: Criteria) => [
  ...(from === undefined ? [] : [sql<SqlBool>`i.started_on >= ${from}`]),
  ...(until === undefined ? [] : [sql<SqlBool>`i.started_on <= ${until}`]),
]

/** The condition on `i`, a row of words. */
function says(typed: string) {
  const asked = askFor(typed)
  return typeof asked === 'string' ? sql<SqlBool>`false` : sql<SqlBool>`i.words @@ ${asked.query}::tsquery`
}

const saidIn = (batch: string, typed: string) => sql<SqlBool>`i.ref in (
  select i.ref from home.published_incidents_words i where i.batch = ${batch} and ${says(typed)})`

/** One published incident with everything that is said of it. */
export async function getPublished({ db }: Pick<Services, 'db'>, batch: Pick<Batch, 'id'>, ref: string) {
  const incident = await db
    .selectFrom('home.published_incidents_incident as i')
    .innerJoin('home.published_incidents_text as t', (join) =>
      join.onRef('t.batch', '=', 'i.batch').onRef('t.ref', '=', 'i.ref'),
    )
    .select(['i.ref', 'i.name', 'i.started_on', 'i.ended_on', 'i.intensity', 'i.types', 'i.victims', 'i.initiators'])
    .select(['i.categories', 'i.facets', 't.description', 't.sources', 't.cells'])
    .where('i.batch', '=', batch.id)
    .where('i.ref', '=', ref)
    .executeTakeFirst()
  if (!incident) throw new Refusal('published-incidents.not-found')
  const [attributions, receivers, responses] = await Promise.all([
    db
      .selectFrom('home.published_incidents_attribution')
      .selectAll()
      .where('batch', '=', batch.id)
      .where('ref', '=', ref)
      .orderBy('place')
      .execute(),
    db
      .selectFrom('home.published_incidents_receiver')
      .selectAll()
      .where('batch', '=', batch.id)
      .where('ref', '=', ref)
      .orderBy('place')
      .execute(),
    db
      .selectFrom('home.published_incidents_response')
      .selectAll()
      .where('batch', '=', batch.id)
      .where('ref', '=', ref)
      .orderBy('place')
      .execute(),
  ])
  return { incident, attributions, receivers, responses }
}

export type PublishedIncident = Awaited<ReturnType<typeof getPublished>>
