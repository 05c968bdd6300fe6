import { sql } from 'kysely'
import {
  type Act,
  type Json,
  openSpace,
  type Part,
  presentMembers,
  readLeaf,
  toBase64url,
} from '../../protocol/index.ts'
import type { Logger } from '../config/types.ts'
import type { ActDefinition, Effect, LoggedAct, SpaceFacts } from '../module/types.ts'
import type { Darkness, Sealing } from '../sealing/types.ts'
import { integers, texts } from '../storage/index.ts'
import type { Blobs, Db, Tx } from '../storage/types.ts'
import { scenarioAt } from './drill-clock.ts'
import { type FulfilledAt, isLogAct, projectGovernance, projectOpening, type ProjectionState } from './governance.ts'
import type { PartReader, PartRef, ReadPart } from './part-reader.ts'
import { readClockSettings, readSpaceFacts } from './space-facts.ts'
import { loadAdmission, needsBody, parsePart } from './space-state.ts'

export interface ProjectionContext {
  db: Db
  blobs: Blobs
  parts: PartReader
  sealing: Sealing
  log: Logger
  party: string
  acts: readonly ActDefinition[]
  /** `view.<name>` tables of modules. */
  views: readonly string[]
  fulfilledAt?: FulfilledAt
}

/** Entries just committed, so that projecting them need not read them again. */
export interface Fresh {
  from: number
  entries: readonly { act: Act; leaf: Uint8Array; leafHash: Uint8Array; root: Uint8Array; time: number }[]
  contents: Map<string, Uint8Array>
}

export interface Projection {
  /** Call once the entries are committed, before `project`. */
  offer(space: string, fresh: Fresh): void
  /** What is committed. With `upTo` only if fewer entries than that are projected. */
  project(space: string, upTo?: number): Promise<void>
  rebuild(): Promise<void>
  /** In the caller's transaction: empties what was projected of a space, to be projected from its beginning. */
  restart(tx: Tx, space: string): Promise<void>
  /** After a commit that did that. */
  forget(space: string): void
  onProjected(listener: (space: string, acts: LoggedAct[]) => void): () => void
  idle(): Promise<void>
}

const batchSize = 256
const ownViews = [
  'view.cursor',
  'view.space',
  'view.member',
  'view.drill_clock',
  'view.without_effect',
  'view.dark',
  'view.erased_part',
  'view.tender',
  'view.register',
] as const

/** Turns acts into rows of `view`, space by space and in order, each batch with its cursor in one transaction. */
export function createProjection(context: ProjectionContext): Projection {
  const definitions = new Map(context.acts.map((definition) => [definition.type, definition]))
  const running = new Map<string, { now: Promise<void>; next?: Promise<void> }>()
  const listeners = new Set<(space: string, acts: LoggedAct[]) => void>()
  const memory: Memory = new Map()
  const offers = new Map<string, Fresh>()

  async function run(space: string): Promise<void> {
    for (;;) {
      const { acts, more } = await projectSome({ context, definitions, memory, offers }, space).catch(
        async (error: unknown) => {
          if (!(error instanceof PastOpened)) throw error
          memory.delete(space)
          return context.db.transaction().execute((tx) => projectAnew(context, definitions, tx, space))
        },
      )
      if (acts.length > 0) tell(context.log, listeners, space, acts)
      if (!more) return
    }
  }

  function start(space: string): Promise<void> {
    const now = run(space).finally(() => {
      if (running.get(space)?.now === now) running.delete(space)
    })
    running.set(space, { now })
    return now
  }

  return {
    offer: (space, fresh) => void offers.set(space, fresh),

    async project(space, upTo) {
      const covered = () => upTo !== undefined && (memory.get(space)?.size ?? -1) >= upTo
      if (upTo !== undefined) await running.get(space)?.now.catch(() => undefined)
      if (covered()) return
      const current = running.get(space)
      if (!current) return start(space)
      // Acts may have come after the run under way looked: one more run covers all who ask meanwhile.
      current.next ??= current.now.catch(() => undefined).then(() => start(space))
      return current.next
    },

    async rebuild() {
      await Promise.allSettled([...running.values()].map((one) => one.next ?? one.now))
      memory.clear()
      await context.db.transaction().execute((tx) => replay(context, definitions, tx))
    },

    restart: (tx, space) => restartViews(context, tx, space),
    forget(space) {
      memory.delete(space)
      offers.delete(space)
    },

    onProjected(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    async idle() {
      await Promise.allSettled([...running.values()].map((one) => one.next ?? one.now))
    },
  }
}

function tell(
  log: Logger,
  listeners: ReadonlySet<(space: string, acts: LoggedAct[]) => void>,
  space: string,
  acts: LoggedAct[],
): void {
  for (const listener of listeners) {
    try {
      listener(space, acts)
    } catch (error) {
      log.error('log.listener-failed', { space, error: String(error) })
    }
  }
}

/** State after `size` acts, kept between batches while nobody else projects the space. */
type Memory = Map<string, { size: number; state: ProjectionState }>

type Definitions = ReadonlyMap<string, ActDefinition>

interface Projected {
  acts: LoggedAct[]
  more: boolean
}

/** A batch; when it fails, its first act alone, so that one act that cannot be projected never stops a space. */
async function projectSome(
  engine: Engine,
  space: string,
  within: Within = (work) => engine.context.db.transaction().execute(work),
): Promise<Projected> {
  const { context, memory, offers } = engine
  const attempt = async (limit: number, poison?: string) => {
    try {
      return await within((tx) => projectBatch({ ...engine, tx, space, limit, poison }))
    } catch (error) {
      memory.delete(space)
      if (isPassing(error) || error instanceof PastOpened) throw error
      return error
    } finally {
      offers.delete(space)
    }
  }
  const several = await attempt(batchSize)
  if (isProjected(several)) return several
  const one = await attempt(1)
  if (isProjected(one)) return one
  context.log.error('log.projection-failed', { space, error: one instanceof Error ? one.stack : String(one) })
  const without = await attempt(1, 'not-projected')
  if (isProjected(without)) return without
  throw without
}

/** Runs work in a transaction, or in a step of one that can be taken back alone. */
type Within = (work: (tx: Tx) => Promise<Projected>) => Promise<Projected>

function isProjected(outcome: unknown): outcome is Projected {
  return typeof outcome === 'object' && outcome !== null && 'acts' in outcome
}

/** Trouble of the connection or the server, not of the act: the same again may well work. */
function isPassing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return /connection|timeout|terminated/i.test(String(error))
  return !/^(21|22|23|42)/.test(code)
}

interface Engine {
  context: ProjectionContext
  definitions: Definitions
  memory: Memory
  offers: Map<string, Fresh>
  /** From the beginning, with every key this node has by now. */
  anew?: boolean
}

interface Batch extends Engine {
  tx: Tx
  space: string
  limit: number
  /** Reason to record instead of projecting. */
  poison?: string | undefined
}

async function projectBatch(batch: Batch): Promise<Projected> {
  const { context, memory, tx, space, limit } = batch
  const known = memory.get(space)
  const ahead = known && (await moveCursor(batch, known.size))
  const from = ahead ? known.size : await lockCursor(tx, space)
  const { entries, contents } = takeOffer(batch, from) ?? (await readFresh(batch, from))
  if (entries.length === 0) return { acts: [], more: false }
  const state = known?.size === from ? known.state : await loadProjection(context, tx, space, from)
  const acts: LoggedAct[] = []
  const bodies = await readBodies(batch, entries, contents)
  for (const [at, { act, leaf, leafHash, root, time }] of entries.entries()) {
    const read = bodies[at]
    // Its body is still on the way: everything from here on waits, so that order holds.
    if (read?.state === 'absent') break
    acts.push(
      await projectOne(batch, state, {
        act,
        index: from + acts.length,
        time,
        leaf,
        body: read?.state === 'open' ? parsePart(read.content) : undefined,
        ...(read?.state === 'dark' ? { dark: read.why } : {}),
        root: toBase64url(root),
        leafHash: toBase64url(leafHash),
      }),
    )
    if (act.statement.type === 'space.history-granted' && !batch.anew && (await opensPast(batch)))
      throw new PastOpened()
  }
  await storeWithoutEffect(tx, space, acts)
  const size = from + acts.length
  if (ahead !== size) await tx.updateTable('view.cursor').set({ size }).where('space', '=', space).execute()
  memory.set(space, { size, state })
  return { acts, more: acts.length === entries.length && entries.length === limit }
}

async function storeWithoutEffect(tx: Tx, space: string, acts: readonly LoggedAct[]): Promise<void> {
  const without = acts.filter((act) => act.withoutEffect !== undefined)
  if (without.length === 0) return
  await sql`insert into view.without_effect (space, idx, reason) select ${space}::text, w.* from unnest(
    ${integers(without.map(({ index }) => index))}, ${texts(without.map((act) => act.withoutEffect ?? ''))}) as w`.execute(
    tx,
  )
}

/**
 * What was just committed follows what this process projected last: one statement locks the cursor, sees that
 * nobody else moved it and moves it. Gives the size it stands at then.
 */
async function moveCursor(batch: Batch, from: number): Promise<number | undefined> {
  const offer = takeOffer(batch, from)
  if (!offer || batch.poison) return undefined
  const size = from + offer.entries.length
  const { rows } = await sql`
    update view.cursor set size = ${size} from (select set_config('synchronous_commit', 'off', true)) as hurry
    where space = ${batch.space} and size = ${from} returning size`.execute(batch.tx)
  return rows.length > 0 ? size : undefined
}

function takeOffer({ offers, space, limit }: Batch, from: number): Fresh | undefined {
  const fresh = offers.get(space)
  return fresh?.from === from && fresh.entries.length <= limit ? fresh : undefined
}

async function readFresh({ context, tx, space, limit }: Batch, from: number): Promise<Fresh> {
  const rows = await tx
    .selectFrom('log.entry')
    .select(['leaf', 'leaf_hash', 'root'])
    .where('space', '=', space)
    .where('idx', '>=', from)
    .orderBy('idx')
    .limit(limit)
    .execute()
  const entries = rows.map(({ leaf, leaf_hash, root }) => {
    const {
      act,
      leaf: { time },
    } = readLeaf(leaf)
    return { act, leaf, leafHash: leaf_hash, root, time }
  })
  const contents = await context.blobs.contents(
    tx,
    entries.flatMap(({ act }) => plainBody(act)?.hash ?? []),
  )
  return { from, entries, contents }
}

type Bodies = (
  | Pick<ReadPart & { state: 'open' }, 'state' | 'content'>
  | Exclude<ReadPart, { state: 'open' }>
  | undefined
)[]

/** Body of each act: given in the clear, or opened. Undefined for an act without one. */
async function readBodies(
  { context, tx }: Batch,
  entries: Fresh['entries'],
  contents: Fresh['contents'],
): Promise<Bodies> {
  const sealed = entries.flatMap(({ act }) => sealedBody(act) ?? [])
  const opened = sealed.length > 0 ? await context.parts.read(tx, sealed) : []
  let next = 0
  return entries.map(({ act }) => {
    if (sealedBody(act)) return opened[next++]
    const body = plainBody(act)
    const content = body && contents.get(body.hash)
    return body && (content ? { state: 'open', content } : { state: 'absent' })
  })
}

interface Entry {
  act: Act
  index: number
  time: number
  body: Json | undefined
  root: string
  leafHash: string
  leaf: Uint8Array
  dark?: Darkness
}

async function projectOne(batch: Batch, state: ProjectionState, entry: Entry): Promise<LoggedAct> {
  const { act, index, time } = entry
  const effect = await effectOf(batch, state, entry)
  const facts = state.facts as SpaceFacts
  state.facts = { ...facts, size: index + 1, root: entry.root, time }
  return {
    space: facts.id,
    index,
    hash: act.hash,
    time,
    scenarioTime: scenarioAt(state.clock, time, index),
    statement: act.statement,
    ...(effect ? { withoutEffect: effect.withoutEffect } : {}),
    ...(entry.dark && !effect ? { dark: entry.dark } : {}),
  }
}

async function effectOf(batch: Batch, state: ProjectionState, entry: Entry): Promise<Effect> {
  const {
    tx,
    poison,
    context: { blobs, party },
  } = batch
  const { act, index, body } = entry
  if (index === 0) {
    state.admission = openSpace(entry.leaf, body ?? null)
    const facts = { size: 1, root: entry.root, time: entry.time, hosted: state.admission.host.party === party }
    await projectOpening(tx, state, { ...entry, body: body ?? null }, facts)
    return undefined
  }
  if (poison) return { withoutEffect: 'not-projected' }
  if (isLogAct(act.statement.type)) {
    if (sealedBody(act)) return { withoutEffect: 'governance-sealed' }
    if (!state.admission || needsBody(index, act.statement.type))
      state.admission = await admissionAt(batch, state, entry)
    return projectGovernance({ blobs, tx, state }, { ...entry, body: body ?? null })
  }
  return projectModuleAct(batch, state, entry)
}

/** Judged without any key, so alike at every member and at a host that reads nothing. */
async function sealedUnfit(batch: Batch, state: ProjectionState, entry: Entry): Promise<Effect> {
  const { space, author, parts } = entry.act.statement
  if (state.facts?.sealed && parts.some((part) => !part.enc)) return { withoutEffect: 'not-sealed' }
  const keySets = new Set(parts.flatMap((part) => part.enc?.keys ?? []))
  if (keySets.size === 0) return undefined
  state.admission = await admissionAt(batch, state, entry)
  const readers = presentMembers(state.admission)
  for (const keys of keySets) {
    const fits = await batch.context.sealing.reaches(batch.tx, { space, author, keys }, readers)
    if (fits === false) return { withoutEffect: 'sealed-not-for-all' }
  }
  return undefined
}

async function projectModuleAct(batch: Batch, state: ProjectionState, entry: Entry): Promise<Effect> {
  const { definitions, tx } = batch
  const { act, index, time, body, root, dark } = entry
  const { statement, hash } = act
  const facts = state.facts as SpaceFacts
  const unfit = await sealedUnfit(batch, state, entry)
  if (unfit) return unfit
  const definition = definitions.get(statement.type)
  if (!definition) return { withoutEffect: 'unknown-type' }
  if (!definition.kinds.includes(facts.kind)) return { withoutEffect: 'wrong-kind' }
  if (state.closed) return { withoutEffect: 'space-closed' }
  if (dark === 'not-as-signed') return { withoutEffect: 'not-as-signed' }
  if (dark) {
    await tx.insertInto('view.dark').values({ space: facts.id, idx: index, reason: dark }).execute()
    return undefined
  }
  const parsed = definition.body.safeParse(body)
  if (!parsed.success) return { withoutEffect: 'malformed' }
  const space: SpaceFacts = { ...facts, size: index + 1, root, time }
  const scenarioTime = scenarioAt(state.clock, time, index)
  return definition.project?.(tx, { space, index, hash, statement, time, scenarioTime, body: parsed.data })
}

function bodyPart(act: Act): Part | undefined {
  return act.statement.parts.find((part) => part.role === 'body')
}

function plainBody(act: Act): Part | undefined {
  const part = bodyPart(act)
  return part?.enc ? undefined : part
}

function sealedBody(act: Act): PartRef | undefined {
  const part = bodyPart(act)
  const { space, author } = act.statement
  return part?.enc && { space, author, part }
}

/** What was dark can be read now: the space is projected anew, from its beginning. */
class PastOpened extends Error {}

/** Do the grants on record by now open anything that was projected as dark? */
async function opensPast({ context, tx, space }: Batch): Promise<boolean> {
  const rows = await tx
    .selectFrom('view.dark as d')
    .innerJoin('log.entry as e', (join) => join.onRef('e.space', '=', 'd.space').onRef('e.idx', '=', 'd.idx'))
    .where('d.space', '=', space)
    .select('e.leaf')
    .orderBy('d.idx', 'desc')
    .execute()
  for (const { leaf } of rows) {
    const body = sealedBody(readLeaf(leaf).act)
    const [read] = body ? await context.parts.read(tx, [body]) : []
    if (read?.state === 'open') return true
  }
  return false
}

/** Empties what was projected of a space and projects it again, in the same transaction: nobody sees half of it. */
async function projectAnew(
  context: ProjectionContext,
  definitions: Definitions,
  tx: Tx,
  space: string,
): Promise<Projected> {
  const before = await lockCursor(tx, space)
  await restartViews(context, tx, space)
  const acts = await replaySpace(context, definitions, tx, space)
  return {
    acts: acts.filter(({ index, statement }) => index >= before || statement.parts.some((part) => part.enc)),
    more: true,
  }
}

async function restartViews(context: ProjectionContext, tx: Tx, space: string): Promise<void> {
  await lockCursor(tx, space)
  for (const view of [...ownViews, ...context.views]) {
    if (view !== 'view.cursor') await sql`delete from ${sql.table(view)} where space = ${space}`.execute(tx)
  }
  await tx.updateTable('view.cursor').set({ size: 0 }).where('space', '=', space).execute()
}

/** Locks the space's cursor against other processes. Rows of `view` can be replayed: no commit waits for the disk. */
async function lockCursor(tx: Tx, space: string): Promise<number> {
  const { rows } = await sql<{ size: number }>`
    select size, set_config('synchronous_commit', 'off', true) from view.cursor where space = ${space} for update`.execute(
    tx,
  )
  if (rows[0]) return rows[0].size
  await tx
    .insertInto('view.cursor')
    .values({ space, size: 0 })
    .onConflict((there) => there.doNothing())
    .execute()
  const row = await tx
    .selectFrom('view.cursor')
    .select('size')
    .where('space', '=', space)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.size
}

async function loadProjection(
  context: ProjectionContext,
  tx: Tx,
  space: string,
  size: number,
): Promise<ProjectionState> {
  const { fulfilledAt } = context
  const state: ProjectionState = { facts: undefined, admission: undefined, clock: [], closed: false, fulfilledAt }
  if (size === 0) return state
  const [facts] = await readSpaceFacts(tx, [space])
  const closed = await tx.selectFrom('view.space').select('closed').where('space', '=', space).executeTakeFirst()
  state.facts = facts && { ...facts, hosted: facts.host === context.party }
  state.clock = (await readClockSettings(tx, [space])).get(space) ?? []
  state.closed = closed?.closed != null
  return state
}

/** Membership and keys as they stood before this act. */
async function admissionAt({ context, tx }: Batch, state: ProjectionState, { act, index }: Entry) {
  if (state.admission) return { ...state.admission, size: index }
  return loadAdmission(tx, context.blobs, { space: act.statement.space, size: index })
}

async function replay(context: ProjectionContext, definitions: Definitions, tx: Tx): Promise<void> {
  await sql`lock table view.cursor in exclusive mode`.execute(tx)
  for (const view of [...ownViews, ...context.views]) {
    if (!/^view\.[a-z_0-9]+$/.test(view)) throw new Error(`${view} is not a table of view`)
    await sql`delete from ${sql.table(view)}`.execute(tx)
  }
  const spaces = await tx.selectFrom('log.space').select('space').orderBy('space').execute()
  for (const { space } of spaces) await replaySpace(context, definitions, tx, space)
}

async function replaySpace(
  context: ProjectionContext,
  definitions: Definitions,
  tx: Tx,
  space: string,
): Promise<LoggedAct[]> {
  const engine: Engine = { context, definitions, memory: new Map(), offers: new Map(), anew: true }
  const all: LoggedAct[] = []
  try {
    for (;;) {
      const { acts, more } = await projectSome(engine, space, (work) => inStep(tx, work))
      all.push(...acts)
      if (!more) return all
    }
  } catch (error) {
    if (isPassing(error)) throw error
    // Its rows up to here stand; the others are not kept waiting for it.
    context.log.error('log.projection-waits', { space, error: String(error) })
    return all
  }
}

async function inStep(tx: Tx, work: (tx: Tx) => Promise<Projected>): Promise<Projected> {
  await sql`savepoint step`.execute(tx)
  try {
    const projected = await work(tx)
    await sql`release savepoint step`.execute(tx)
    return projected
  } catch (error) {
    await sql`rollback to savepoint step`.execute(tx)
    throw error
  }
}
