import { type RawBuilder, sql } from 'kysely'
import type { DocumentState, RegisteredRow, Services, Viewer } from '../../../core/module/types.ts'
import type { OpenMarkings } from '../../../core/search/index.ts'
import { texts } from '../../../core/storage/index.ts'
import '../tables.ts'

export interface RegisterFilter {
  direction?: 'in' | 'out'
  party?: string
  kind?: string
  code?: string
  state?: DocumentState
  /** First and last day, YYYY-MM-DD, of dispatch in UTC. */
  from?: string
  to?: string
  /** Any number it bears: ours, theirs, or that of our registry. */
  number?: string
  /** One document alone: hash of the act, or id of the record. */
  id?: string
  limit: number
  offset?: number
}

/** A document with what the house noted of it. */
export interface DocumentRow extends Omit<RegisteredRow, 'state'> {
  state: DocumentState
  code: string | null
  years: number | null
  then_what: string | null
  in_number: string | null
  received_at: number | null
  own_number: string | null
}

type Asked = Pick<Services, 'modules' | 'party'>

const dayMs = 86_400_000

/** Documents of all modules, one select under the other. Of records those that `viewer` may read; without one, all. */
export function documentsOf({ modules, party }: Asked, viewer?: Viewer): RawBuilder<RegisteredRow> {
  const selects = modules.flatMap((module) => module.registered?.rows({ party, viewer }) ?? [])
  return sql`${sql.join(
    selects.map(
      (rows) => sql`
        select x.space, x.id, x.idx, x.kind, x.author, x.addressees, x.number, x.your_ref, x.at, x.last_at, x.state,
          x.is_corrected, x.subject, x.tlp, x.href
        from (${rows}) x`,
    ),
    sql` union all `,
  )}`
}

/** What came to us or went from us; letters between others in a space of many are theirs. */
export const isOurs = (party: string): RawBuilder<boolean> =>
  sql`(d.author = ${party} or d.addressees is null or ${party} = any(d.addressees))`

/**
 * What the gate keeps is no row. An act that the index does not know yet passes here: whoever reads it asks the gate for
 * each act anyway.
 */
export const isOpen = ({ isAll, keys }: OpenMarkings): RawBuilder<boolean> =>
  isAll ? sql`true` : sql`(s.space is null or s.marking = any(${texts(keys)}))`

/** Our own series, given to what bears no number of its author’s. */
const ownNumber = sql<string | null>`o.number || '/' || o.year`
const inNumber = sql<string | null>`i.number || '/' || i.year`
const isUnanswered = sql<boolean>`(a.act is not null and d.state in ('sent', 'acknowledged'))`

/** A page of the register in one query, newest first. */
export async function findRows(
  services: Asked & Pick<Services, 'db'>,
  viewer: Viewer,
  open: OpenMarkings,
  filter: RegisterFilter,
): Promise<DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`
    select d.space, d.id, d.idx, d.kind, d.author, d.addressees, d.number, d.your_ref, d.at, d.last_at, d.is_corrected,
      d.subject, d.tlp, d.href, case when ${isUnanswered} then 'no-answer' else d.state end as state, f.code, f.years,
      f.then_what, ${inNumber} as in_number, i.received_at, ${ownNumber} as own_number
    from (${documentsOf(services, viewer)}) d
    left join home.register_filing g on g.act = d.id
    left join home.register_file f on f.code = g.code
    left join home.register_no_answer a on a.act = d.id
    left join home.register_incoming i on i.act = d.id
    left join home.channels_number o on o.draft = d.id
    left join view.search_act s on s.space = d.space and s.idx = d.idx
    where ${sql.join(conditionsOf(services.party, open, filter), sql` and `)}
    order by d.at desc, d.space, d.idx desc, d.id
    limit ${filter.limit} offset ${filter.offset ?? 0}`.execute(services.db)
  return rows
}

function conditionsOf(party: string, open: OpenMarkings, filter: RegisterFilter): RawBuilder<boolean>[] {
  const { direction, party: other, kind, code, state, number, from, to, id } = filter
  const when = <T>(value: T | undefined, condition: (value: T) => RawBuilder<boolean>) =>
    value === undefined ? [] : [condition(value)]
  return [
    isOurs(party),
    isOpen(open),
    ...when(direction, (one) => (one === 'out' ? sql`d.author = ${party}` : sql`d.author <> ${party}`)),
    ...when(
      other,
      (one) => sql`(d.author = ${one} or ${one} = any(d.addressees) or (d.addressees is null and exists (
        select from view.member m where m.space = d.space and m.party = ${one})))`,
    ),
    ...when(kind, (one) => sql`d.kind = ${one}`),
    ...when(code, (one) => sql`f.code = ${one}`),
    ...when(from, (day) => sql`d.at >= ${Date.parse(`${day}T00:00:00Z`)}`),
    ...when(to, (day) => sql`d.at < ${Date.parse(`${day}T00:00:00Z`) + dayMs}`),
    ...when(number, (one) => sql`${one} in (d.number, d.your_ref, ${inNumber}, ${ownNumber})`),
    ...when(id, (one) => sql`d.id = ${one}`),
    ...when(state, (one) => (one === 'no-answer' ? isUnanswered : sql`(d.state = ${one} and not ${isUnanswered})`)),
  ]
}

/** Parties that wrote to us or got something from us, in what this reader may read. */
export async function listParties(
  services: Asked & Pick<Services, 'db'>,
  viewer: Viewer,
  open: OpenMarkings,
): Promise<string[]> {
  const { rows } = await sql<{ party: string }>`
    select distinct p.party from (${documentsOf(services, viewer)}) d
    left join view.search_act s on s.space = d.space and s.idx = d.idx
    cross join lateral unnest(d.author || d.addressees) as p(party)
    where ${isOurs(services.party)} and ${isOpen(open)} and (d.space is null or s.space is not null)
      and p.party <> ${services.party}`.execute(services.db)
  return rows.map(({ party }) => party)
}
