import { sql } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import { findStanding } from './batches.ts'
import { type Criteria, meeting } from './list-published.ts'
import './tables.ts'

/** Which published incidents are asked about: codes of the reference file. `intensity`: at least, 0–15. */
export interface OthersCriteria extends Pick<Criteria, 'type' | 'basis' | 'intensity'> {
  /** Code of a set; the one imported last where none is named. */
  set?: string
  initiatorCategory?: string
}

/** A kind of response that was recorded, and by whom. */
export interface RecordedResponse {
  legal: boolean
  /** Message `published-incidents.response.<type>`. */
  type: string
  /** In the words of the set. */
  subtype?: string
  n: number
  by: { country?: string; actor?: string; n: number }[]
}

export type WhatOthersDid =
  /** Nothing was imported, or the viewer may not read incidents. */
  | { imported: false }
  | {
      imported: true
      set: string
      edition: string
      source: string
      licence: string
      importedAt: number
      /** Published incidents that meet the criteria: the n of everything below. */
      incidents: number
      answered: { any: number; political: number; legal: number }
      responses: RecordedResponse[]
      /** Responses whose kind the set does not say; in no line above. */
      unusable: number
      /** Message key: to be shown with any of these figures. */
      bias: 'published-incidents.bias'
    }

/** Which responses are recorded for published incidents of a kind: what was published, not what was right. */
export async function whatOthersDid(
  services: Services,
  viewer: Viewer,
  { set, initiatorCategory, ...rest }: OthersCriteria = {},
): Promise<WhatOthersDid> {
  const batch = viewer.may('incidents:read') ? await findStanding(services, set) : undefined
  if (!batch) return { imported: false }
  const { incidents, any, political, legal, responses, unusable } = await countResponses(services, batch.id, {
    ...rest,
    ...(initiatorCategory !== undefined && { category: initiatorCategory }),
  })
  const { name, edition, source, licence, stoodAt = batch.at } = batch
  return {
    imported: true,
    ...{ set: name, edition, source, licence, importedAt: stoodAt, incidents, responses, unusable },
    answered: { any, political, legal },
    bias: 'published-incidents.bias',
  }
}

interface Grouped {
  legal: boolean
  type: string | null
  subtype: string | null
  country: string | null
  actor: string | null
  n: number
}

/** Incidents that meet the criteria, how many were answered, and with what; two queries. */
export async function countResponses({ db }: Pick<Services, 'db'>, batch: string, criteria: Criteria) {
  const meets = meeting(batch, criteria)
  const [counted, grouped] = await Promise.all([
    sql<{ incidents: number; any: number; political: number; legal: number }>`
      select count(*)::int as incidents, count(r.ref)::int as "any",
        count(*) filter (where r.political)::int as political, count(*) filter (where r.legal)::int as legal
      from home.published_incidents_incident i
      left join (select ref, bool_or(not legal) as political, bool_or(legal) as legal
        from home.published_incidents_response where batch = ${batch} group by ref) r on r.ref = i.ref
      where ${meets}`.execute(db),
    sql<Grouped>`
      select r.legal, r.type, r.subtype, r.country, r.actor, count(*)::int as n
      from home.published_incidents_response r join home.published_incidents_incident i
        on i.batch = r.batch and i.ref = r.ref
      where ${meets} group by r.legal, r.type, r.subtype, r.country, r.actor`.execute(db),
  ])
  const [counts = { incidents: 0, any: 0, political: 0, legal: 0 }] = counted.rows
  const usable = grouped.rows.filter(({ type }) => type !== null)
  const unusable = sum(grouped.rows.filter(({ type }) => type === null))
  return { ...counts, unusable, responses: byKind(usable) }
}

const sum = (rows: readonly { n: number }[]): number => rows.reduce((all, { n }) => all + n, 0)
const mostFirst = (a: { n: number }, b: { n: number }) => b.n - a.n

function byKind(rows: readonly Grouped[]): RecordedResponse[] {
  const kinds = Map.groupBy(rows, ({ legal, type, subtype }) => JSON.stringify([legal, type, subtype]))
  const responses = [...kinds.values()].flatMap((some) => {
    const [first] = some
    if (!first) return []
    const by = some.map(({ country, actor, n }) => ({ ...(country && { country }), ...(actor && { actor }), n }))
    const kind = { legal: first.legal, type: first.type ?? '', ...(first.subtype && { subtype: first.subtype }) }
    return [{ ...kind, n: sum(some), by: by.toSorted((a, b) => mostFirst(a, b) || alike(a, b)) }]
  })
  return responses.toSorted((a, b) => mostFirst(a, b) || alike(a, b))
}

/** The same order whatever order the rows came in. */
const alike = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
