import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Services } from '../../core/module/types.ts'
import { isMember } from './space-words.ts'

/** At most so many per run; the next run takes the rest. */
const perRun = 20

interface Unconfirmed {
  space: string
  act_hash: string
}

/**
 * Says on the record, once per erasure and member, that what was to be erased is gone from this node's database.
 * Nothing is said while any of it is still stored.
 */
export async function confirmErasures(services: Services): Promise<void> {
  for (const { space, act_hash: erasure } of await unconfirmed(services)) {
    const facts = await services.ledger.find(space)
    const own = facts?.members.find((one) => one.party === services.party)
    if (!facts || !isMember(facts, services.party) || own?.role === 'observer') continue
    const tombstone = await services.ledger.findAct(erasure)
    if (!tombstone) continue
    await services.outbox.send({
      space,
      type: 'space.erasure-confirmed',
      // The same for every process of this node: it is said once.
      id: confirmationId(erasure),
      office: 'records',
      body: { erasure },
      marking: tombstone.statement.marking,
      refs: [{ act: erasure }],
    })
  }
}

function confirmationId(erasure: string): string {
  return createHash('sha256').update(`chancery/erasure-confirmed ${erasure}`).digest('hex').slice(0, 32)
}

async function unconfirmed({ db, party }: Services): Promise<Unconfirmed[]> {
  const { rows } = await sql<Unconfirmed>`
    select distinct e.space, e.act_hash
    from view.erased_part x
      join log.entry e on e.space = x.space and e.idx = x.tombstone
      join log.space s on s.space = x.space and s.frozen is null
    where not exists (
        select from home.outbox o where o.space = e.space and o.id = substr(encode(sha256(convert_to(
          'chancery/erasure-confirmed ' || e.act_hash, 'UTF8')), 'hex'), 1, 32))
      and not exists (
        select from log.entry c where c.space = e.space and c.author = ${party} and c.act_id = substr(encode(sha256(
          convert_to('chancery/erasure-confirmed ' || e.act_hash, 'UTF8')), 'hex'), 1, 32))
      and not exists (
        select from view.erased_part y
          join log.part p on p.space = y.space and p.idx = y.idx and coalesce(p.plain, p.hash) = y.hash
          join log.blob b on b.commitment = p.hash
        where y.space = x.space and y.tombstone = x.tombstone)
    limit ${perRun}`.execute(db)
  return rows
}

/** Who said that parts of an act are gone there, and when (leaf time, ms). */
export async function listErasureConfirmations(
  { db, ledger }: Services,
  { space, index }: { space: string; index: number },
): Promise<{ party: string; at: number }[]> {
  const tombstones = await db
    .selectFrom('view.erased_part as x')
    .innerJoin('log.entry as e', (join) => join.onRef('e.space', '=', 'x.space').onRef('e.idx', '=', 'x.tombstone'))
    .where('x.space', '=', space)
    .where('x.idx', '=', index)
    .select(['e.act_hash', 'e.idx'])
    .distinct()
    .execute()
  if (tombstones.length === 0) return []
  const from = Math.min(...tombstones.map((row) => row.idx))
  const acts = await ledger.acts(space, { from, types: ['space.erasure-confirmed'] })
  const wanted = new Set(tombstones.map((row) => row.act_hash))
  return acts
    .filter((act) => act.withoutEffect === undefined && act.statement.refs?.some((ref) => wanted.has(ref.act)))
    .map((act) => ({ party: act.statement.author, at: act.time }))
}
