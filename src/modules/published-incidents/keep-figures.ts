import { sql } from 'kysely'
import type { Services } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { sha256, toBase64url, utf8 } from '../../protocol/index.ts'
import { countStatistics, type Statistics } from './statistics.ts'
import { ownIdBefore } from './take-up.tsx'
import { basisGroups } from './vocabulary.ts'
import './tables.ts'

/** To be raised where figures are counted in another way: those kept before are then counted anew. */
const counting = 1

/** By what figures were counted: the way, and the data it goes by. */
const method = toBase64url(sha256(utf8(JSON.stringify([counting, basisGroups])))).slice(0, 16)

/**
 * Figures of a batch that stands, as they were counted when its rows had come in: rows of a batch never change after
 * that, they go with it. A batch read by an earlier version is counted here once.
 */
export async function loadStatistics(services: Services, batch: string): Promise<Statistics> {
  const kept = await findKept(services, batch)
  if (kept) return kept
  await services.db.transaction().execute(async (tx) => {
    const standing = await tx
      .selectFrom('home.published_incidents_batch')
      .select(['state'])
      .where('id', '=', batch)
      .forUpdate()
      .executeTakeFirst()
    if (standing?.state === 'standing') await keepBeside(services, tx, batch)
  })
  return (await findKept(services, batch)) ?? countStatistics(services, batch)
}

async function findKept({ db }: Pick<Services, 'db'>, batch: string): Promise<Statistics | undefined> {
  const row = await db
    .selectFrom('home.published_incidents_figures')
    .select('figures')
    .where('batch', '=', batch)
    .where('method', '=', method)
    .executeTakeFirst()
  return row?.figures
}

/** Writes beside the rows of a batch its figures, and the id an incident of ours opened from each row has. */
export async function keepBeside({ party }: Pick<Services, 'party'>, tx: Tx, batch: string): Promise<void> {
  const figures = JSON.stringify(await countStatistics({ db: tx }, batch))
  await tx
    .insertInto('home.published_incidents_figures')
    .values({ batch, method, figures })
    .onConflict((conflict) => conflict.column('batch').doUpdateSet({ method, figures }))
    .execute()
  const { set_code } = await tx
    .selectFrom('home.published_incidents_batch')
    .select('set_code')
    .where('id', '=', batch)
    .executeTakeFirstOrThrow()
  await sql`
    insert into home.published_incidents_own (batch, ref, own_id)
    select batch, ref, left(encode(sha256(convert_to(${ownIdBefore(party, set_code)} || ref, 'UTF8')), 'hex'), 32)
    from home.published_incidents_incident where batch = ${batch}
    on conflict do nothing`.execute(tx)
}

/** Batches that stand and were read before anything was kept beside them: none but once after an upgrade. */
export async function keepBesideAll(services: Services): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select b.id from home.published_incidents_batch b where b.state = 'standing'
      and not exists (select from home.published_incidents_figures f where f.batch = b.id)`.execute(services.db)
  for (const { id } of rows) await loadStatistics(services, id)
}
