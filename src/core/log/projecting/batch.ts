import { sql } from 'kysely'
import { readLeaf, toBase64url } from '../../../protocol/index.ts'
import type { LoggedAct } from '../../module/types.ts'
import { integers, texts } from '../../storage/index.ts'
import type { Tx } from '../../storage/types.ts'
import type { ProjectionState } from '../governance.ts'
import type { ReadPart } from '../part-reader.ts'
import { readClockSettings, readSpaceFacts } from '../space-facts.ts'
import { parsePart } from '../space-state.ts'
import { plainBody, sealedBody } from './body-parts.ts'
import { lockCursor } from './cursor.ts'
import { projectOne } from './effect.ts'
import type { Batch, Fresh, Projected, ProjectionContext } from './engine.ts'
import { opensPast, PastOpened } from './past-opened.ts'

export async function projectBatch(batch: Batch): Promise<Projected> {
  const { context, memory, tx, space, limit } = batch
  const known = memory.get(space)
  const offer = known && takeOffer(batch, known.size)
  const ahead = offer && (await moveCursor(batch, offer))
  const from = ahead ? offer.from : await lockCursor(tx, space)
  const { entries, contents } = (ahead ? offer : takeOffer(batch, from)) ?? (await readFresh(batch, from))
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
async function moveCursor(batch: Batch, { from, entries }: Fresh): Promise<number | undefined> {
  if (batch.poison) return undefined
  const size = from + entries.length
  const { rows } = await sql`
    update view.cursor set size = ${size} from (select set_config('synchronous_commit', 'off', true)) as hurry
    where space = ${batch.space} and size = ${from} returning size`.execute(batch.tx)
  return rows.length > 0 ? size : undefined
}

function takeOffer({ offers, space, limit }: Batch, from: number): Fresh | undefined {
  return offers.from(space, from, limit)
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
