import { historyGrantedBody, limits, readLeaf } from '../../protocol/index.ts'
import { Refusal } from '../http/refusal.ts'
import type { HistoryPlan } from '../module/types.ts'
import type { GrantWrap, Sealing, SealedRef } from '../sealing/types.ts'
import type { Blobs, Db, Reader } from '../storage/types.ts'
import { readersOf } from './sign-act.ts'
import { parsePart, type SpaceStates } from './space-state.ts'

export const historyGranted = 'space.history-granted'

/** Keys of the past that acts of a space hand to a party, whoever posted them: what they are worth shows in use. */
export async function readGrants(
  { db, blobs, party }: { db: Reader; blobs: Blobs; party: string },
  space: string,
): Promise<GrantWrap[]> {
  const rows = await db
    .selectFrom('log.entry')
    .select('leaf')
    .where('space', '=', space)
    .where('type', '=', historyGranted)
    .orderBy('idx')
    .execute()
  const hashes = rows.flatMap(({ leaf }) => {
    const body = readLeaf(leaf).act.statement.parts.find((part) => part.role === 'body')
    return body && !body.enc ? [body.hash] : []
  })
  const contents = await blobs.contents(db, hashes)
  return hashes.flatMap((hash) => {
    const content = contents.get(hash)
    const body = content && historyGrantedBody.safeParse(parsePart(content)).data
    return body?.to === party ? body.wraps : []
  })
}

export interface HistoryContext {
  db: Db
  blobs: Blobs
  sealing: Sealing
  states: SpaceStates
}

interface SealedAct {
  hash: string
  index: number
  author: string
  type: string
  refs: SealedRef[]
}

/**
 * Which acts a grant from an index on makes readable to a member that came later.
 *
 * @throws Refusal `not-found` if it is no present member
 */
export async function planHistory(
  context: HistoryContext,
  space: string,
  { to, from }: { to: string; from: number },
): Promise<HistoryPlan> {
  await recipientOf(context, space, to)
  const { wanted, readable } = await lateActs(context, space, { to, from })
  const acts: HistoryPlan['acts'] = []
  let dark = 0
  for (const { refs, ...act } of wanted) {
    const [first] = refs
    if (first && (await context.sealing.contentKey(context.db, first))) acts.push(act)
    else dark += 1
  }
  return { to, from, acts, dark, readable }
}

/**
 * Wraps of a grant, at most as many in one list as one act takes. A key set of which nothing older is readable by it
 * is handed on whole; where one reaches back beyond `from`, the parts from there on are handed on one by one.
 */
export async function wrapHistory(
  context: HistoryContext,
  space: string,
  { to, from }: { to: string; from: number },
): Promise<GrantWrap[][]> {
  const recipient = await recipientOf(context, space, to)
  const all = await sealedActs(context.db, space)
  const before = new Set(
    all.filter((act) => act.index < from).flatMap(({ refs }) => refs.map(({ part }) => part.enc?.keys)),
  )
  const { wanted } = await lateActs(context, space, { to, from })
  const wraps = new Map<string, GrantWrap>()
  for (const ref of wanted.flatMap(({ refs }) => refs)) {
    const { enc } = ref.part
    const whole = !before.has(enc?.keys)
    const key = (whole ? enc?.keys : enc?.hash) ?? ''
    if (wraps.has(key)) continue
    const wrap = await context.sealing.grant(context.db, recipient, { ref, whole })
    if (wrap) wraps.set(key, wrap)
  }
  const list = [...wraps.values()]
  return Array.from({ length: Math.ceil(list.length / limits.grantedKeys) }, (_, at) =>
    list.slice(at * limits.grantedKeys, (at + 1) * limits.grantedKeys),
  )
}

async function recipientOf({ db, states }: HistoryContext, space: string, to: string) {
  const row = await db.selectFrom('log.space').selectAll().where('space', '=', space).executeTakeFirst()
  const recipient = row && readersOf((await states.at(db, row)).admission).find(({ party }) => party === to)
  if (!recipient) throw new Refusal('not-found')
  return recipient
}

/** Sealed acts from an index on whose key set does not name the party. */
async function lateActs(
  { db, blobs, sealing }: HistoryContext,
  space: string,
  { to, from }: { to: string; from: number },
): Promise<{ wanted: SealedAct[]; readable: number }> {
  const earlier = await readGrants({ db, blobs, party: to }, space)
  const given = new Set(earlier.map((wrap) => ('keys' in wrap ? wrap.keys : wrap.part)))
  const wanted: SealedAct[] = []
  let readable = 0
  for (const act of await sealedActs(db, space)) {
    if (act.index < from) continue
    const isGiven = act.refs.every(({ part: { enc } }) => enc && (given.has(enc.keys) || given.has(enc.hash)))
    if (isGiven || (await namedIn(sealing, db, act, to))) readable += 1
    else wanted.push(act)
  }
  return { wanted, readable }
}

async function namedIn(sealing: Sealing, db: Db, { refs }: SealedAct, to: string): Promise<boolean> {
  const [ref] = refs
  return ref?.part.enc !== undefined && (await sealing.names(db, ref.part.enc.keys, to))
}

async function sealedActs(db: Db, space: string): Promise<SealedAct[]> {
  const rows = await db
    .selectFrom('log.entry as e')
    .select(['e.idx', 'e.leaf'])
    .where('e.space', '=', space)
    .where((q) =>
      q.exists(
        q
          .selectFrom('log.part as p')
          .select('p.idx')
          .whereRef('p.space', '=', 'e.space')
          .whereRef('p.idx', '=', 'e.idx')
          .where('p.plain', 'is not', null),
      ),
    )
    .orderBy('e.idx')
    .execute()
  return rows.map(({ idx, leaf }) => {
    const { hash, statement } = readLeaf(leaf).act
    const { author, type, parts } = statement
    const refs = parts.filter((part) => part.enc).map((part) => ({ space, author, part }))
    return { hash, index: idx, author, type, refs }
  })
}
