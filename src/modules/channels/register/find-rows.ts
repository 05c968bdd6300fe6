import { type RawBuilder, sql } from 'kysely'
import { mayLeave } from '../../../core/markings/index.ts'
import type { Exit, MarkingReader } from '../../../core/markings/types.ts'
import type { DocumentState, RegisteredRow, Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Db, Reader } from '../../../core/storage/types.ts'
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

/** Acts of all modules that stand in a register, one select under the other. */
export const actsOf = ({ modules }: Pick<Asked, 'modules'>): RawBuilder<RegisteredRow> =>
  under(modules.flatMap(({ registered }) => registered?.acts?.() ?? []))

/** Records of all modules that stand in it: those that `viewer` may read; without one, all. */
export const recordsOf = ({ modules, party }: Asked, viewer?: Viewer): RawBuilder<RegisteredRow> =>
  under(modules.flatMap(({ registered }) => registered?.records?.({ party, viewer }) ?? []))

const columns = sql.raw(`x.space, x.id, x.idx, x.kind, x.author, x.addressees, x.number, x.your_ref, x.at, x.last_at,
  x.state, x.is_corrected, x.subject, x.tlp, x.href, x.about`)

/** Of a house without such documents: the same columns, and no row. */
const none = sql<RegisteredRow>`
  select null::text as space, null::text as id, null::bigint as idx, null::text as kind, null::text as author,
    null::text[] as addressees, null::text as number, null::text as your_ref, null::bigint as at,
    null::bigint as last_at, null::text as state, false as is_corrected, null::text as subject, null::text as tlp,
    null::text as href, null::text as about where false`

function under(selects: readonly RawBuilder<RegisteredRow>[]): RawBuilder<RegisteredRow> {
  const given = selects.length > 0 ? selects : [none]
  return sql`${sql.join(
    given.map((rows) => sql`select ${columns} from (${rows}) x`),
    sql` union all `,
  )}`
}

/** What came to us or went from us; letters between others in a space of many are theirs. */
export const isOurs = (party: string): RawBuilder<boolean> =>
  sql`(d.author = ${party} or d.addressees is null or ${party} = any(d.addressees))`

/** Keys of the markings in the register that a reader may have by one way out; the gate is asked once for each. */
export async function openMarkings(db: Reader, reader: MarkingReader, exit: Exit): Promise<string[]> {
  const rows = await db.selectFrom('home.register_marking').selectAll().execute()
  return rows.filter(({ marking }) => mayLeave(marking, { exit, reader }).allowed).map(({ key }) => key)
}

/** Of what the gate lets this reader have. */
export const isOpen = (open: readonly string[]): RawBuilder<boolean> => sql`d.marking = any(${texts(open)})`

/** Our own series, given to what bears no number of its author’s. */
const ownNumber = sql<string | null>`o.number || '/' || o.year`
const inNumber = sql<string | null>`i.number || '/' || i.year`
/** "No answer" holds as long as none came. */
const unanswered = sql.raw(`('sent', 'acknowledged')`)

/** States are looked for among so many of the newest first; what is rarer than that is looked for by its state. */
const window = { least: 2_000, most: 10_000, perRow: 20 }

/**
 * A page of the register, newest first: chosen along an index by what never changes of a document, and only then asked
 * of its module how far each has come.
 */
export async function findRows(
  services: Asked & Pick<Services, 'db'>,
  viewer: Viewer,
  open: readonly string[],
  filter: RegisterFilter,
): Promise<DocumentRow[]> {
  const { state, limit, offset = 0 } = filter
  const read = (joins: 'along-indexes' | 'whole', among?: number | 'all') =>
    reading(services.db, joins, (tx) => readRows({ ...services, tx }, viewer, open, filter, among))
  if (state === undefined) return read('along-indexes')
  const among = Math.min(window.most, Math.max(window.least, window.perRow * (limit + offset)))
  const found = await read('along-indexes', among)
  if (found.length === limit) return found
  return state === 'no-answer' ? read('along-indexes', 'all') : read('whole')
}

/**
 * A transaction for one query. Compiling it takes longer than running it; and whoever looks up what a page shows along
 * indexes reads no table whole, which the planner would for the many selects under each other.
 */
export const reading = <T>(db: Db, joins: 'along-indexes' | 'whole', read: (tx: Reader) => Promise<T>): Promise<T> =>
  db.transaction().execute(async (tx) => {
    const hashed = joins === 'whole' ? 'on' : 'off'
    await sql`select set_config('jit', 'off', true), set_config('enable_hashjoin', ${hashed}, true),
      set_config('enable_mergejoin', ${hashed}, true)`.execute(tx)
    return read(tx)
  })

/** @param among - With a state: of the newest so many, or of all that were noted without an answer. */
async function readRows(
  services: Asked & { tx: Reader },
  viewer: Viewer,
  open: readonly string[],
  filter: RegisterFilter,
  among?: number | 'all',
): Promise<DocumentRow[]> {
  const { limit, offset = 0, state } = filter
  const conditions = (id: 'act' | 'id') => sql.join(conditionsOf(services.party, filter, id), sql` and `)
  const wanted = stateOf(services, state, among)
  const upTo = among === 'all' ? sql`` : sql`limit ${among ?? limit + offset}`
  const page = sql`limit ${limit} offset ${offset}`
  const { rows } = await sql<DocumentRow>`
    with picked as (
      (select d.space, d.act as id, d.idx, d.kind, d.author, d.addressees, d.number, d.your_ref, d.at, false as is_record
       from home.register_document d where ${isOpen(open)} and ${conditions('act')} and ${wanted}
       order by d.at desc, d.space, d.idx desc ${upTo})
      union all
      (select null, d.id, null, d.kind, d.author, d.addressees, d.number, d.your_ref, d.at, true
       from (${recordsOf(services, viewer)}) d where ${conditions('id')} and ${recordState(state)}
       order by d.at desc ${upTo})
      order by at desc, space, idx desc, id ${among === undefined ? page : sql``}),
    known as (
      select p.space, p.id, p.idx, p.kind, p.author, p.addressees, p.number, p.your_ref, p.at, d.last_at,
        d.is_corrected, d.subject, d.tlp, d.href, d.about,
        case when a.act is not null and d.state in ${unanswered} then 'no-answer' else d.state end as state
      from picked p
      cross join lateral (
        select x.* from (${actsOf(services)}) x
        where not p.is_record and x.space = p.space and x.id = p.id and x.kind = p.kind
        union all
        select x.* from (${recordsOf(services, viewer)}) x where p.is_record and x.id = p.id) d
      left join home.register_no_answer a on a.act = p.id)
    select k.*, f.code, f.years, f.then_what, ${inNumber} as in_number, i.received_at, ${ownNumber} as own_number
    from (select * from known k where ${state === undefined ? sql`true` : sql`k.state = ${state}`}
      order by k.at desc, k.space, k.idx desc, k.id ${among === undefined ? sql`` : page}) k
    left join home.register_filing g on g.act = k.id
    left join home.register_file f on f.code = g.code
    left join home.register_incoming i on i.act = k.id
    left join home.channels_number o on o.draft = k.id
    order by k.at desc, k.space, k.idx desc, k.id`.execute(services.tx)
  return rows
}

const recordState = (state: DocumentState | undefined): RawBuilder<boolean> =>
  state === undefined || state === 'no-answer' ? sql`true` : sql`d.state = ${state}`

/** Acts in a state, asked of their modules; where it is seen once they are read, those that can be in it. */
function stateOf(
  services: Asked,
  state: DocumentState | undefined,
  among: number | 'all' | undefined,
): RawBuilder<boolean> {
  const noted = sql<boolean>`d.act in (select a.act from home.register_no_answer a)`
  if (state === 'no-answer') return noted
  if (state === undefined || among !== undefined) return sql`true`
  return sql`(d.act in (select x.id from (${actsOf(services)}) x where x.state = ${state})
    and not (${state} in ${unanswered} and ${noted}))`
}

function conditionsOf(party: string, filter: RegisterFilter, named: 'act' | 'id'): RawBuilder<boolean>[] {
  const { direction, party: other, kind, code, number, from, to, id } = filter
  const act = sql.ref(`d.${named}`)
  const when = <T>(value: T | undefined, condition: (value: T) => RawBuilder<boolean>) =>
    value === undefined ? [] : [condition(value)]
  return [
    sql`true`,
    ...when(direction, (one) => (one === 'out' ? sql`d.author = ${party}` : sql`d.author <> ${party}`)),
    ...when(
      other,
      (one) => sql`(d.author = ${one} or ${one} = any(d.addressees) or (d.addressees is null and d.space in (
        select m.space from view.member m where m.party = ${one})))`,
    ),
    ...when(kind, (one) => sql`d.kind = ${one}`),
    ...when(code, (one) => sql`${act} in (select g.act from home.register_filing g where g.code = ${one})`),
    ...when(from, (day) => sql`d.at >= ${Date.parse(`${day}T00:00:00Z`)}`),
    ...when(to, (day) => sql`d.at < ${Date.parse(`${day}T00:00:00Z`) + dayMs}`),
    ...when(number, (one) => sql`${act} in (${bearing(one)})`),
    ...when(id, (one) => sql`${act} = ${one}`),
  ]
}

/** What bears a number: its author’s, the one it answers to, the stamp of our registry, or one of our own series. */
function bearing(number: string): RawBuilder<unknown> {
  const written = sql`
    select act from home.register_document where number = ${number}
    union all select act from home.register_document where your_ref = ${number}`
  const [, given, year] = /^(\d{1,9})\/(\d{4})$/.exec(number) ?? []
  if (given === undefined) return written
  const ours = sql`year = ${Number(year)} and number = ${Number(given)}`
  return sql`${written}
    union all select act from home.register_incoming where ${ours}
    union all select draft from home.channels_number where ${ours}`
}

/** Parties that wrote to us or got something from us, in what this reader may read. */
export async function listParties(
  services: Asked & Pick<Services, 'db'>,
  viewer: Viewer,
  open: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ party: string }>`
    select distinct d.party from home.register_party d where ${isOpen(open)}
    union
    select p.party from (${recordsOf(services, viewer)}) d cross join lateral unnest(d.author || d.addressees) as p(party)
    where p.party <> ${services.party}`.execute(services.db)
  return rows.map(({ party }) => party)
}
