import { type RawBuilder, sql } from 'kysely'
import { Refusal } from '../http/index.ts'
import { mayLeave } from '../markings/index.ts'
import type { Exit, MarkingReader } from '../markings/types.ts'
import { integers, texts } from '../storage/index.ts'
import type { Db, Reader, Tx } from '../storage/types.ts'
import { facet } from './facets.ts'
import { foldReference } from './fold.ts'
import './tables.ts'

/** What is looked for; everything given has to be so. */
export interface SearchCriteria {
  /** {@link AskedWords.query} of what was typed. */
  words?: string
  /** A register number or reference, or how it begins. */
  reference?: string
  /** A party that wrote it or to which it was said. */
  party?: string
  /** With `party`: what it said, or what was said to it. */
  direction?: 'by' | 'to'
  /** By this party, whoever it was said to. */
  author?: string
  types?: readonly string[]
  space?: string
  /** Act hashes: one of these. */
  among?: readonly string[]
  /** Leaf time, ms. */
  from?: number
  until?: number
  /** By others, and not before these indexes of spaces; from the beginning where none is given. */
  unread?: { party: string; from: Readonly<Record<string, number>> }
  order?: 'newest' | 'best'
  /** The last one of the page before; only with `newest`. */
  after?: Place
  limit: number
}

interface Place {
  at: number
  space: string
  index: number
}

export interface FoundAct extends Place {
  hash: string
}

/** `best` weighs the newest so many. */
export const mostRanked = 1_000
/** Newest acts looked at one by one before the index of words is asked: common words are found among these. */
const walked = 20_000
/** More markings than that are told apart act by act. */
const mostFacets = 100
const longestMs = 5_000

/**
 * Acts that this reader may have by this way out, and whether there are more. What the gate keeps is neither listed
 * nor counted.
 *
 * @throws Refusal `search-too-long`
 */
export async function findActs(
  db: Db,
  criteria: SearchCriteria,
  reader: MarkingReader,
  exit: Exit = 'page',
): Promise<{ acts: FoundAct[]; more: boolean }> {
  const found = db.transaction().execute(async (tx) => {
    await sql`select set_config('jit', 'off', true),
      set_config('statement_timeout', ${String(longestMs)}, true)`.execute(tx)
    const open = await openMarkings(tx, reader, exit)
    if (open.keys.length === 0 || criteria.among?.length === 0) return { acts: [], more: false }
    const query = queryOf(criteria, open)
    const limit = (criteria.order === 'best' && query ? mostRanked : criteria.limit) + 1
    const rows = await rowsOf(tx, criteria, { query, limit, open })
    const ranked = criteria.order === 'best' && query ? await rank(tx, rows.slice(0, mostRanked), query) : rows
    return {
      acts: ranked.slice(0, criteria.limit).map(({ space, idx, act, at }) => ({ space, index: idx, hash: act, at })),
      more: ranked.length > criteria.limit,
    }
  })
  return found.catch((error: unknown) => {
    if (isCutOff(error)) throw new Refusal('search-too-long', { seconds: longestMs / 1_000 })
    throw error
  })
}

/** PostgreSQL stopped it at {@link longestMs}. */
const isCutOff = (error: unknown) => error instanceof Error && 'code' in error && error.code === '57014'

interface Row {
  space: string
  idx: number
  act: string
  at: number
}

/** What the gate lets a reader have by one way out, by the markings that there are. */
export interface OpenMarkings {
  keys: string[]
  /** No marking in the index is kept from this reader. */
  isAll: boolean
}

/** The gate, asked once for each marking that there is. */
export async function openMarkings(db: Reader, reader: MarkingReader, exit: Exit): Promise<OpenMarkings> {
  const rows = await db.selectFrom('view.search_marking').select(['key', 'marking']).distinctOn('key').execute()
  const keys = rows.filter(({ marking }) => mayLeave(marking, { exit, reader }).allowed).map(({ key }) => key)
  return { keys, isAll: keys.length === rows.length }
}

/** Everything that the index of words can answer, as one `tsquery`; undefined where nothing of it was asked. */
function queryOf({ words, reference, party, direction, author, types, space }: SearchCriteria, open: OpenMarkings) {
  const quoted = (lexeme: string) => `'${lexeme.replaceAll(/['\\]/g, '')}'`
  const any = (lexemes: readonly string[]) => `(${lexemes.map(quoted).join(' | ')})`
  const folded = reference === undefined ? '' : foldReference(reference)
  const parts = [
    words && `(${words})`,
    folded && `${quoted(facet.reference(folded))}:*`,
    author && quoted(facet.author(author)),
    party &&
      any([
        ...(direction === 'to' ? [] : [facet.author(party)]),
        ...(direction === 'by' ? [] : [facet.addressee(party)]),
      ]),
    types && any(types.map(facet.type)),
    space && quoted(facet.space(space)),
    !open.isAll && open.keys.length <= mostFacets && any(open.keys.map(facet.marking)),
  ].filter((part): part is string => Boolean(part))
  return parts.length > 0 ? parts.join(' & ') : undefined
}

interface Asking {
  query: string | undefined
  limit: number
  open: OpenMarkings
}

async function rowsOf(tx: Tx, criteria: SearchCriteria, asking: Asking): Promise<Row[]> {
  const { query, limit } = asking
  if (criteria.among) return named(tx, criteria, asking, criteria.among)
  // A common word is in many of the newest acts: they are found without a look at all the others that hold it.
  if (criteria.reference === undefined) {
    const near = await newest(tx, criteria, asking, walked)
    if (near.length >= limit) return near
  }
  return query === undefined ? newest(tx, criteria, asking) : indexed(tx, criteria, asking)
}

const newestFirst = sql`a.at desc, a.space desc, a.idx desc`

/** One after the other from the newest on, so many at most. */
async function newest(tx: Tx, criteria: SearchCriteria, asking: Asking, most?: number): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select space, idx, act, at from (
      select * from view.search_act a where ${within(criteria)} order by ${newestFirst}
      ${most === undefined ? sql`` : sql`limit ${most}`}) a
    where ${fitting(criteria, asking)} order by ${newestFirst} limit ${asking.limit}`.execute(tx)
  return rows
}

/** By the index of words: few hold what is asked. */
async function indexed(tx: Tx, criteria: SearchCriteria, asking: Asking): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with found as materialized (
      select space, idx, act, at from view.search_act a
      where ${within(criteria)} and ${fitting(criteria, asking)})
    select * from found a order by ${newestFirst} limit ${asking.limit}`.execute(tx)
  return rows
}

async function named(tx: Tx, criteria: SearchCriteria, asking: Asking, hashes: readonly string[]): Promise<Row[]> {
  const { rows } = await sql<Row>`
    with among as materialized (select distinct space, idx from log.entry where act_hash = any(${texts(hashes)}))
    select a.space, a.idx, a.act, a.at from among n
      cross join lateral (select * from view.search_act one where one.space = n.space and one.idx = n.idx limit 1) a
    where ${within(criteria)} and ${fitting(criteria, asking)} order by ${newestFirst} limit ${asking.limit}`.execute(
    tx,
  )
  return rows
}

function within({ from, until, after }: SearchCriteria): RawBuilder<boolean> {
  const conditions = [
    ...(from === undefined ? [] : [sql<boolean>`a.at >= ${from}`]),
    ...(until === undefined ? [] : [sql<boolean>`a.at < ${until}`]),
    ...(after ? [sql<boolean>`(a.at, a.space, a.idx) < (${after.at}, ${after.space}, ${after.index})`] : []),
  ]
  return conditions.length > 0 ? sql`${sql.join(conditions, sql` and `)}` : sql`true`
}

function fitting({ unread }: SearchCriteria, { query, open }: Asking): RawBuilder<boolean> {
  const conditions = [
    sql<boolean>`true`,
    ...(query === undefined ? [] : [sql<boolean>`a.words @@ ${query}::tsquery`]),
    ...(open.isAll ? [] : [sql<boolean>`a.marking = any(${texts(open.keys)})`]),
    ...(unread
      ? [
          sql<boolean>`not a.words @@ ${`'${facet.author(unread.party)}'`}::tsquery
            and a.idx >= coalesce((${JSON.stringify(unread.from)}::jsonb ->> a.space)::bigint, 0)`,
        ]
      : []),
  ]
  return sql`${sql.join(conditions, sql` and `)}`
}

async function rank(tx: Tx, rows: readonly Row[], query: string): Promise<Row[]> {
  const { rows: ranked } = await sql<Row>`
    select a.space, a.idx, a.act, a.at
    from unnest(${texts(rows.map(({ space }) => space))}, ${integers(rows.map(({ idx }) => idx))}) as n(space, idx)
      -- One probe each: a join would be free to read them all.
      cross join lateral (select * from view.search_act one where one.space = n.space and one.idx = n.idx limit 1) a
    order by ts_rank_cd(a.words, ${query}::tsquery) desc, a.at desc`.execute(tx)
  return ranked
}
