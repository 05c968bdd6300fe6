import { sql } from 'kysely'
import { readClasses, classOf, reveal, tlpRank } from '../markings/index.ts'
import type { Marked } from '../markings/types.ts'
import type { ActContent, ActDefinition, Json, LoggedAct, SearchedFor, Services, SpaceFacts } from '../module/types.ts'
import type { Marking } from '../../protocol/types.ts'
import type { Reader, Tx } from '../storage/types.ts'
import { facet, markingKey } from './facets.ts'
import { foldReference } from './fold.ts'
import { type Said, saidIn, vectorOf } from './vector.ts'
import './tables.ts'

type Feeding = Pick<Services, 'db' | 'ledger' | 'modules' | 'party'>

/** Acts per transaction: an erasure in the same space waits for so many at most. */
const perBatch = 100
/** Spaces and acts looked for at once. */
const perLook = 100

/** What the log itself opens a space with: its title is what people remember. */
const opening: SearchedFor<{ title?: Record<string, string>; purpose?: string }> = {
  names: ({ title, purpose }) => [...Object.values(title ?? {}), ...(purpose ? [purpose] : [])],
}

/** True if acts have been projected, or payloads arrived or gone, that the index does not know of. */
export async function isIndexBehind(db: Reader): Promise<boolean> {
  return (await findBehind(db)).length > 0 || (await findUnread(db)).size > 0
}

/**
 * Brings the index up to what is projected, batch by batch, each in a transaction of its own. Another process at the
 * same space is left to it.
 *
 * @param until - Asked after each batch; true ends it early.
 * @returns acts read
 */
export async function feedIndex(services: Feeding, until: () => boolean = () => false): Promise<number> {
  const definitions = new Map(
    services.modules.flatMap((module) => (module.acts ?? []).map((one) => [one.type, one] as const)),
  )
  let fed = 0
  for (const space of await findBehind(services.db)) {
    for (let read = perBatch; read === perBatch && !until(); fed += read)
      read = await inSpace(services, space, (tx) => feedNext(services, definitions, tx, space))
  }
  for (const [space, hashes] of await findUnread(services.db)) {
    if (until()) break
    fed += await inSpace(services, space, (tx) => feedAgain(services, definitions, tx, { space, hashes }))
  }
  return fed
}

async function findBehind(db: Reader): Promise<string[]> {
  const { rows } = await sql<{ space: string }>`
    select c.space from view.cursor c left join view.search_cursor s on s.space = c.space
    where c.size > coalesce(s.size, 0) limit ${perLook}`.execute(db)
  return rows.map(({ space }) => space)
}

/** Acts to be read again: something was erased, or everything that was on the way is here. By space. */
async function findUnread(db: Reader): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ space: string; act: string }>`
    select a.space, a.act from view.search_act a
    where (a.waiting or a.stale) and (a.stale or not exists (
      select from log.part p
      where p.space = a.space and p.idx = a.idx and p.role in ('text', 'attachments')
        and not exists (select from log.blob b where b.commitment = p.hash)))
    limit ${perLook}`.execute(db)
  return new Map([...Map.groupBy(rows, (row) => row.space)].map(([space, acts]) => [space, acts.map(({ act }) => act)]))
}

function inSpace(services: Feeding, space: string, work: (tx: Tx) => Promise<number>): Promise<number> {
  return services.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ got: boolean }>`
      select pg_try_advisory_xact_lock(hashtext('search'), hashtext(${space})) as got,
        set_config('synchronous_commit', 'off', true)`.execute(tx)
    return rows[0]?.got ? work(tx) : 0
  })
}

type Definitions = ReadonlyMap<string, ActDefinition>

async function feedNext(services: Feeding, definitions: Definitions, tx: Tx, space: string): Promise<number> {
  const { rows } = await sql<{ size: number; fed: number }>`
    select c.size, coalesce(s.size, 0) as fed from view.cursor c left join view.search_cursor s on s.space = c.space
    where c.space = ${space}`.execute(tx)
  const { size = 0, fed: from = 0 } = rows[0] ?? {}
  // A record that was left may have been longer.
  if (from === 0) await tx.deleteFrom('view.search_act').where('space', '=', space).execute()
  const logged = await services.ledger.acts(space, { from, limit: perBatch })
  const acts = logged.filter(({ index }) => index < size)
  if (acts.length === 0) return 0
  await write(services, definitions, tx, acts)
  await tx
    .insertInto('view.search_cursor')
    .values({ space, size: from + acts.length })
    .onConflict((there) => there.column('space').doUpdateSet({ size: from + acts.length }))
    .execute()
  return acts.length
}

async function feedAgain(
  services: Feeding,
  definitions: Definitions,
  tx: Tx,
  { space, hashes }: { space: string; hashes: readonly string[] },
): Promise<number> {
  const acts = (await services.ledger.findActs(hashes)).filter((act) => act.space === space)
  await write(services, definitions, tx, acts)
  return acts.length
}

async function write(services: Feeding, definitions: Definitions, tx: Tx, acts: readonly LoggedAct[]): Promise<void> {
  const sought = acts.filter(({ statement: { type } }) => isSought(definitions, type))
  const [first] = sought
  if (!first) return
  const facts = await services.ledger.find(first.space)
  const contents = await services.ledger.content(sought.map(({ hash }) => hash))
  const erased = await tx.selectFrom('view.erased_part').select('hash').where('space', '=', first.space).execute()
  const gone = new Set(erased.map(({ hash }) => hash))
  const opened = new Map(sought.map(({ hash }) => [hash, openedHere(services, contents.get(hash))]))
  const rows = sought.map((act) => {
    const content = opened.get(act.hash)
    return {
      space: act.space,
      idx: act.index,
      act: act.hash,
      at: act.time,
      marking: markingKey(act.statement.marking),
      words: wordsFor(definitions.get(act.statement.type), act, content, facts),
      waiting: isIncomplete(act, content, gone),
      stale: false,
    }
  })
  await writeMarkings(tx, sought)
  await writeMarkedFiles(tx, first.space, opened)
  await sql`
    insert into view.search_act (space, idx, act, at, marking, words, waiting, stale)
    select space, idx, act, at, marking, words::tsvector, waiting, stale
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(
      space text, idx bigint, act text, at bigint, marking text, words text, waiting boolean, stale boolean)
    on conflict (space, idx) do update set act = excluded.act, at = excluded.at, marking = excluded.marking,
      words = excluded.words, waiting = excluded.waiting, stale = false`.execute(tx)
}

/** Acts of modules that somebody said; not record-keeping. */
function isSought(definitions: Definitions, type: string): boolean {
  const definition = definitions.get(type)
  return definition ? definition.technical !== true : type === 'space.opened'
}

/** The node reads for itself, whatever the marking: each answer of the index asks the gate for whoever reads it. */
function openedHere({ party }: Feeding, marked: Marked<ActContent> | undefined): ActContent | undefined {
  if (!marked) return undefined
  const classes = readClasses(marked.marking.class ?? '')?.map((one) => classOf(one.party, one.level)) ?? []
  const itself = { party, ceiling: 'RED', classes } as const
  const revealed = reveal(marked, itself, 'page')
  return revealed.shown ? revealed.value : undefined
}

function isIncomplete(act: LoggedAct, content: ActContent | undefined, gone: ReadonlySet<string>): boolean {
  // What is marked by no known ladder stays shut to the index too: nothing will come.
  if (act.dark || content === undefined || content.dark) return false
  const text = act.statement.parts.find(({ role }) => role === 'text')
  const list = act.statement.parts.find(({ role }) => role === 'attachments')
  const isListed = content.attachments.every(({ name }) => name !== '')
  return Boolean(
    (text && content.text === undefined && !gone.has(text.hash)) || (list && !isListed && !gone.has(list.hash)),
  )
}

function wordsFor(
  definition: Pick<ActDefinition, 'search'> = { search: opening },
  act: LoggedAct,
  content: ActContent | undefined,
  facts: SpaceFacts | undefined,
): string {
  const { author, type, marking } = act.statement
  // A body that is not of its kind has no effect and names nobody.
  const body = act.withoutEffect === 'malformed' ? undefined : content?.body
  const search = body === undefined ? undefined : definition.search
  const references = (search?.references?.(body) ?? []).filter((one) => one !== undefined)
  const named = search?.addressees?.(body) ?? []
  const said: Said[] = [
    ...(search?.names?.(body) ?? []).map((text) => ({ text, weight: 'A' as const })),
    ...references.map((text) => ({ text, weight: 'B' as const })),
    ...saidIn(content?.text as Json | undefined),
    ...(content?.attachments ?? [])
      .filter((file) => isAsOpenAs(marking, file.marking))
      .map(({ name }) => ({ text: name, weight: 'B' as const })),
  ]
  return vectorOf(said, [
    facet.author(author),
    ...(named.length > 0 ? named : othersAt(facts, act)).map(facet.addressee),
    facet.type(type),
    ...(search?.form ? [facet.type(`${type}/${search.form(body)}`)] : []),
    facet.space(act.space),
    facet.marking(markingKey(marking)),
    ...references.map(foldReference).filter(Boolean).map(facet.reference),
  ])
}

function othersAt(facts: SpaceFacts | undefined, { index, statement }: LoggedAct): string[] {
  return (facts?.members ?? [])
    .filter(({ since, until }) => since <= index && (until === undefined || index < until))
    .map(({ party }) => party)
    .filter((party) => party !== statement.author)
}

/** A file that fewer may have than its act is found by nobody: the index asks the gate for the act alone. */
function isAsOpenAs(act: Marking, file: Marking | undefined): boolean {
  return !file || (!file.class && !file.audience && tlpRank(file.tlp) <= tlpRank(act.tlp))
}

async function writeMarkedFiles(
  tx: Tx,
  space: string,
  contents: ReadonlyMap<string, ActContent | undefined>,
): Promise<void> {
  const files = [...contents].flatMap(([act, content]) =>
    (content?.attachments ?? []).flatMap(({ hash, marking }) =>
      marking?.class ? [{ space, act, part: hash, marking: JSON.stringify(marking) }] : [],
    ),
  )
  if (files.length === 0) return
  await tx
    .insertInto('view.search_file')
    .values(files)
    .onConflict((there) => there.doNothing())
    .execute()
}

async function writeMarkings(tx: Tx, acts: readonly LoggedAct[]): Promise<void> {
  const markings = new Map(acts.map(({ space, statement: { marking } }) => [markingKey(marking), { space, marking }]))
  await tx
    .insertInto('view.search_marking')
    .values(
      [...markings].map(([key, { space, marking }]) => ({ space, key, marking: JSON.stringify(marking) as never })),
    )
    .onConflict((there) => there.doNothing())
    .execute()
}
