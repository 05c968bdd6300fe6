import { sql } from 'kysely'
import { type AdmissionState, presentMembers, readLeaf } from '../../protocol/index.ts'
import type { Tx } from '../storage/types.ts'
import { receive, type ReplicaContext, Stop } from './replica.ts'
import { loadAdmission, parsePart } from './space-state.ts'
import type { Adopted, Delivery } from './types.ts'

const hostChanged = 'space.host-changed'

/** Tells the other processes of this node that a record of a space was left; the message is the space. */
export const leftChannel = 'chancery_left'

export interface AdoptingContext extends ReplicaContext {
  /** Empties what was projected of the space; it is projected anew afterwards. */
  restartViews(tx: Tx, space: string): Promise<void>
}

/**
 * Leaves what a host went on with after a majority of members had made another party the host without it, and stores
 * the record that the new host continues. What is left behind is kept as orphaned.
 *
 * One transaction: unless every entry verifies, the root is the one signed by the new host, and the members' own acts
 * carry the handover, nothing changes. Nobody is accused: a host that was cut off could not know.
 *
 * @param delivery - From the first entry that differs on, up to the new host's checkpoint.
 */
export async function adoptRecord(context: AdoptingContext, space: string, delivery: Delivery): Promise<Adopted> {
  try {
    const { answer, state } = await context.db.transaction().execute((tx) => adopt(context, tx, space, delivery))
    context.states.forget(space)
    if (state) context.states.keep(state)
    return answer
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    const { answer } = error
    if (answer.state === 'refused') return answer
    return refusal(`${answer.state}`, space)
  }
}

async function adopt(context: AdoptingContext, tx: Tx, space: string, delivery: Delivery) {
  const { from } = delivery
  const row = await tx.selectFrom('log.space').selectAll().where('space', '=', space).forUpdate().executeTakeFirst()
  if (!row || row.kind === 'register' || row.frozen !== null) throw stop('not-here', space)
  if (from < 1 || from >= row.size)
    throw stop('no-takeover', `we hold ${row.size} entries, the other record differs at ${from}`)
  const ours = (await context.states.at(tx, row)).admission
  const orphaned = await leaveBehind(context, tx, { space, from, size: row.size, host: row.host })
  const received = await receive(context, tx, space, delivery)
  const theirs = received.state?.admission
  if (!theirs) throw stop('no-takeover', space)
  await requireMajority(context, tx, theirs, from)
  await requireBetter(tx, { space, from, ours, theirs })
  await context.restartViews(tx, space)
  const { size, root } = theirs
  const adopted: Adopted = { state: 'adopted', base: from, size, root, orphaned, wasHosted: row.hosted }
  return { answer: adopted, state: received.state }
}

/** Keeps the entries from `from` on as orphaned and takes the space back to what both records have in common. */
async function leaveBehind(
  { blobs, clock }: AdoptingContext,
  tx: Tx,
  { space, from, size, host }: { space: string; from: number; size: number; host: string },
): Promise<number> {
  const { hosts } = await loadAdmission(tx, blobs, { space, size: from })
  const then = hosts.at(-1)
  const last = await tx
    .selectFrom('log.entry')
    .select(['root', 'time'])
    .where('space', '=', space)
    .where('idx', '=', from - 1)
    .executeTakeFirst()
  if (!then || !last) throw stop('no-takeover', space)
  await sql`
    insert into log.orphan (space, act, idx, leaf, root, time, host, note, at)
    select e.space, e.act_hash, e.idx, e.leaf, e.root, e.time, ${host}, c.note, ${clock.now()}
    from log.entry e join log.checkpoint c on c.space = e.space
    where e.space = ${space} and e.idx >= ${from} on conflict do nothing`.execute(tx)
  for (const table of ['log.entry', 'log.part'] as const)
    await sql`delete from ${sql.table(table)} where space = ${space} and idx >= ${from}`.execute(tx)
  await sql`delete from log.node where space = ${space} and ((idx + 1) << level) > ${from}`.execute(tx)
  for (const table of ['log.cosignature', 'log.witness_line', 'log.finality'] as const)
    await sql`delete from ${sql.table(table)} where space = ${space} and size > ${from}`.execute(tx)
  await sql`delete from log.heard where space = ${space}`.execute(tx)
  await sql`delete from log.handover where space = ${space}`.execute(tx)
  await tx
    .updateTable('log.space')
    .set({
      hosted: false,
      size: from,
      root: last.root,
      time: last.time,
      host: then.party,
      origin: then.origin,
      host_key: then.key,
    })
    .where('space', '=', space)
    .execute()
  await sql`select pg_notify(${leftChannel}, ${space})`.execute(tx)
  return size - from
}

/** What a host hands over by itself moves nothing that it has signed: only its members can go on without it. */
async function requireMajority(
  { blobs }: AdoptingContext,
  tx: Tx,
  { space, hosts }: AdmissionState,
  from: number,
): Promise<void> {
  const change = hosts.find((one) => one.from >= from)
  if (!change) throw stop('no-takeover', 'no handover above what both records have in common')
  const rows = await tx
    .selectFrom('log.entry')
    .select('leaf')
    .where('space', '=', space)
    .where('type', '=', hostChanged)
    .where('idx', '<=', change.from)
    .execute()
  const acts = rows.map(({ leaf }) => readLeaf(leaf).act.statement)
  const commitments = acts.map(({ parts }) => parts.find((part) => part.role === 'body')?.hash ?? '')
  const contents = await blobs.contents(tx, commitments)
  const before = await loadAdmission(tx, blobs, { space, size: change.from })
  const former = before.host.party
  const voices = new Set(
    acts.flatMap(({ author }, at) => {
      const content = contents.get(commitments[at] ?? '')
      const body = content && (parsePart(content) as { host?: { party?: string; key?: string } } | null)
      return body?.host?.party === change.party && body.host.key === change.key ? [author] : []
    }),
  )
  const present = presentMembers(before)
  const others = present.filter((party) => party !== former && voices.has(party))
  if (others.length * 2 <= present.length) throw stop('no-takeover', `${others.length} of ${present.length} members`)
}

/**
 * Of two records that both went on without the old host, all members keep the one with more handovers, else the one
 * whose first handover has the smaller act hash.
 */
async function requireBetter(
  tx: Tx,
  { space, from, ours, theirs }: { space: string; from: number; ours: AdmissionState; theirs: AdmissionState },
): Promise<void> {
  const mine = ours.hosts.filter((one) => one.from >= from)
  const other = theirs.hosts.filter((one) => one.from >= from)
  if (mine.length !== other.length) {
    if (mine.length > other.length) throw stop('ours-stands', `${mine.length} handovers, theirs has ${other.length}`)
    return
  }
  const theirFirst = await tx
    .selectFrom('log.entry')
    .select('act_hash')
    .where('space', '=', space)
    .where('idx', '=', other[0]?.from ?? 0)
    .executeTakeFirst()
  const ourFirst = await tx
    .selectFrom('log.orphan')
    .select('act')
    .where('space', '=', space)
    .where('idx', '=', mine[0]?.from ?? 0)
    .orderBy('at', 'desc')
    .executeTakeFirst()
  if ((ourFirst?.act ?? '') <= (theirFirst?.act_hash ?? '')) throw stop('ours-stands', 'of two equal ones')
}

const refusal = (rule: string, detail: string): Adopted => ({ state: 'refused', index: 0, rule, detail })
const stop = (rule: string, detail: string) => new Stop({ state: 'refused', index: 0, rule, detail })
