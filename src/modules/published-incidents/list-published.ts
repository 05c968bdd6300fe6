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

/** Incidents of a batch that meet the criteria, newest first, and how many there are; two queries, none per row. */
export async function listPublished(
  { db }: Pick<Services, 'db'>,
  batch: string,
  criteria: Criteria,
  page = 1,
): Promise<{ incidents: ListedIncident[]; count: number }> {
  const meets = meeting(batch, criteria)
  const [{ rows }, counted] = await Promise.all([
    sql<ListedIncident>`
      select i.ref, i.name, i.started_on as start, i.ended_on as "end", i.intensity, i.types, i.victims, i.initiators
      from home.published_incidents_incident i where ${meets}
      order by i.started_on desc nulls last, i.ref limit ${perPage} offset ${(page - 1) * perPage}`.execute(db),
    sql<{ count: number }>`
      select count(*)::int as count from home.published_incidents_incident i where ${meets}`.execute(db),
  ])
  return { incidents: rows, count: counted.rows[0]?.count ?? 0 }
}

/** The condition on `i`, an incident of the batch. */
export function meeting(batch: string, criteria: Criteria): Expression<SqlBool> {
  const facets = facetNames.flatMap((name) => (criteria[name] === undefined ? [] : [`${name}:${criteria[name]}`]))
  const asked = criteria.words === undefined ? undefined : askFor(criteria.words)
  const { from, until, intensity } = criteria
  return sql.join<SqlBool>(
    [
      sql`i.batch = ${batch}`,
      ...(facets.length > 0 ? [sql`i.facets @> ${facets}::text[]`] : []),
      ...(from === undefined ? [] : [sql`i.started_on >= ${from}`]),
      ...(until === undefined ? [] : [sql`i.started_on <= ${until}`]),
      ...(intensity === undefined ? [] : [sql`i.intensity >= ${intensity}`]),
      ...(asked === undefined
        ? []
        : [typeof asked === 'string' ? sql`false` : sql`i.words @@ ${asked.query}::tsquery`]),
    ],
    sql` and `,
  )
}

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
