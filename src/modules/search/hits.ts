import { sql } from 'kysely'
import { type Clock, clocksAbout, nobodyOwes, openClocks } from '../../core/clocks/index.ts'
import { InvalidInput } from '../../core/http/index.ts'
import { reveal } from '../../core/markings/index.ts'
import type { Exit, Services, ShownAct, SpaceFacts, Visit } from '../../core/module/types.ts'
import { type AskedWords, findActs, type FoundAct, type SearchCriteria } from '../../core/search/index.ts'
import { readerOf } from '../spaces/index.ts'
import { askedAfter, askedSpan, askedWords, type SearchInput } from './input.ts'
import '../../core/release/index.ts'

/** Acts found, as a page sets them. */
export interface Hit {
  shown: ShownAct
  clocks: Clock[]
  /** Scenario ms in a drill, else real ms. */
  now: number
}

export interface Hits {
  hits: Hit[]
  words?: AskedWords
  /** Where the next page begins. */
  next?: FoundAct
}

/** Of acts in a state, or of a person, so many of the newest are told. */
const mostNamed = 20_000

type Asking = Pick<Visit, 'services' | 'viewer'>

/**
 * What this reader may have of what was asked for, with a fixed number of queries.
 *
 * @throws InvalidInput where what was asked cannot be
 */
export async function loadHits(
  asking: Asking,
  input: SearchInput,
  { exit, limit }: { exit: Exit; limit: number },
): Promise<Hits> {
  const { services, viewer } = asking
  const words = askedWords(input)
  const criteria: SearchCriteria = {
    ...(words && { words: words.query }),
    ...(input.ref && { reference: askedReference(input.ref) }),
    ...partyOf(input, services.party),
    ...(input.form && { types: [input.form] }),
    ...(input.space && { space: input.space }),
    ...askedSpan(input, viewer.person.zone),
    ...(await namedBy(asking, input)),
    ...(input.state === 'unread' && { unread: await unreadOf(asking) }),
    order: input.order === 'best' ? 'best' : 'newest',
    after: input.order === 'best' ? undefined : askedAfter(input),
    limit,
  }
  const found = await findAll(asking, criteria, exit)
  const last = found.acts.at(-1)
  return {
    hits: await showHits(asking, found.acts, exit),
    ...(words && { words }),
    ...(found.more && last && criteria.order === 'newest' && { next: last }),
  }
}

/** What was asked, and beside references that acts bear also the numbers that our own registry gave them. */
async function findAll(
  { services, viewer }: Asking,
  criteria: SearchCriteria,
  exit: Exit,
): ReturnType<typeof findActs> {
  const { reference, among, ...others } = criteria
  const reader = readerOf(services, viewer)
  const found = await findActs(services.db, criteria, reader, exit)
  const named = reference === undefined ? [] : await numberedHere(services, reference)
  const wanted = among ? named.filter((one) => among.includes(one)) : named
  if (wanted.length === 0) return found
  const stamped = await findActs(services.db, { ...others, among: wanted }, reader, exit)
  const known = new Set(found.acts.map(({ hash }) => hash))
  const all = [...found.acts, ...stamped.acts.filter(({ hash }) => !known.has(hash))]
  if (criteria.order !== 'best') all.sort(newestFirst)
  return {
    acts: all.slice(0, criteria.limit),
    more: found.more || stamped.more || all.length > criteria.limit,
  }
}

const newestFirst = (a: FoundAct, b: FoundAct) =>
  b.at - a.at || (a.space < b.space ? 1 : a.space > b.space ? -1 : 0) || b.index - a.index

async function numberedHere(services: Services, reference: string): Promise<string[]> {
  const lists = await Promise.all(services.modules.map((one) => one.findNumbered?.(services, reference) ?? []))
  return lists.flat()
}

function askedReference(reference: string): string {
  if (!/[\p{L}\p{N}]/u.test(reference)) throw InvalidInput.at('ref', 'search.invalid.no-reference')
  return reference
}

/** What we told them is by us and to them; what they told us is by them. */
function partyOf({ party, direction }: SearchInput, ourselves: string): Partial<SearchCriteria> {
  if (!party) return {}
  if (direction === 'to') return { party, direction: 'to', author: ourselves }
  return direction === 'by' ? { party, direction: 'by' } : { party }
}

/** Act hashes that a state or a person names; nothing where neither was asked. */
async function namedBy(asking: Asking, { state, person }: SearchInput): Promise<Pick<SearchCriteria, 'among'>> {
  const lists = await Promise.all([
    person ? byPerson(asking.services, person) : undefined,
    state && state !== 'unread' ? inState(asking.services, state) : undefined,
  ])
  const given = lists.filter((list) => list !== undefined)
  if (given.length === 0) return {}
  return { among: given.reduce((all, list) => all.filter((one) => new Set(list).has(one))) }
}

/** What this person of ours drafted, released or took as a step. */
async function byPerson({ db }: Services, person: string): Promise<string[]> {
  const { rows } = await sql<{ act: string }>`
    select act_hash as act from home.draft where act_hash is not null and (drafter = ${person} or releaser = ${person})
    order by updated_at desc limit ${mostNamed}`.execute(db)
  return rows.map(({ act }) => act)
}

async function inState(services: Services, state: string): Promise<string[]> {
  if (state === 'overdue') return overdue(services)
  const { db, party } = services
  const acts = {
    ours: sql`select about as act from view.clock
      where met_by is null and cancelled_by is null and duty = ${party} order by due_at limit ${mostNamed}`,
    theirs: sql`select about as act from view.clock
      where met_by is null and cancelled_by is null and duty not in (${party}, ${nobodyOwes}) order by due_at limit ${mostNamed}`,
    settled: sql`select about as act from view.clock where met_by is not null order by met_at desc limit ${mostNamed}`,
    'without-effect': sql`select e.act_hash as act from view.without_effect w
      join log.entry e on e.space = w.space and e.idx = w.idx order by e.time desc limit ${mostNamed}`,
  }[state]
  const { rows } = acts ? await sql<{ act: string }>`${acts}`.execute(db) : { rows: [] }
  return [...new Set(rows.map(({ act }) => act))]
}

/** Each drill has its own hour; what was only requested is never overdue. */
async function overdue(services: Services): Promise<string[]> {
  const clocks = (await openClocks(services.db, { limit: mostNamed })).filter(({ source }) => source !== 'requested')
  const nows = await nowsOf(
    services,
    await services.ledger.list({ among: [...new Set(clocks.map((one) => one.space))] }),
  )
  return [...new Set(clocks.filter((one) => one.dueAt < (nows.get(one.space) ?? 0)).map(({ about }) => about))]
}

async function nowsOf(services: Services, spaces: readonly SpaceFacts[]): Promise<Map<string, number>> {
  const nows = await Promise.all(
    spaces.map((space) => (space.drill ? services.ledger.scenarioNow(space) : services.clock.now())),
  )
  return new Map(spaces.map((space, at) => [space.id, nows[at] as number]))
}

async function unreadOf({ services, viewer }: Asking): Promise<SearchCriteria['unread']> {
  const marks = await services.db
    .selectFrom('home.read_mark')
    .select(['space', 'idx'])
    .where('person', '=', viewer.person.id)
    .execute()
  return { party: services.party, from: Object.fromEntries(marks.map(({ space, idx }) => [space, idx])) }
}

/** Acts with what the gate lets this reader have of them, in the order found. */
export async function showHits(
  { services, viewer }: Asking,
  found: readonly Pick<FoundAct, 'hash' | 'space'>[],
  exit: Exit,
): Promise<Hit[]> {
  if (found.length === 0) return []
  const hashes = found.map(({ hash }) => hash)
  const [acts, spaces, contents, clocks] = await Promise.all([
    services.ledger.findActs(hashes),
    services.ledger.list({ among: [...new Set(found.map(({ space }) => space))] }),
    services.ledger.content(hashes),
    clocksAbout(services.db, hashes),
  ])
  const nows = await nowsOf(services, spaces)
  const actOf = new Map(acts.map((act) => [act.hash, act]))
  const spaceOf = new Map(spaces.map((space) => [space.id, space]))
  return found.flatMap(({ hash }) => {
    const act = actOf.get(hash)
    const space = act && spaceOf.get(act.space)
    const marked = contents.get(hash)
    const revealed = marked && reveal(marked, readerOf(services, viewer), exit)
    // What the gate keeps is not told of, even where the index was not up to it yet.
    if (!act || !space || !revealed?.shown) return []
    const now = nows.get(space.id) ?? services.clock.now()
    return [{ shown: { act, space, content: revealed.value }, clocks: clocks.get(hash) ?? [], now }]
  })
}
