import { sql } from 'kysely'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { topicOf } from './import-batch.ts'
import type { BatchState } from './tables.ts'
import './tables.ts'

const tables = [
  'incident',
  'text',
  'words',
  'attribution',
  'receiver',
  'response',
  'problem',
  'figures',
  'own',
] as const

/** What keeping a batch would do to what stands of its set, by the set's own ids. */
export interface Preview {
  fresh: number
  changed: number
  same: number
  gone: number
  /** Some of them, by name. */
  examples: Record<'fresh' | 'changed' | 'gone', { ref: string; name: string }[]>
}

const shown = 20

/** Compares a batch with the one of its set that stands. */
export async function previewOf({ db }: Pick<Services, 'db'>, batch: string): Promise<Preview> {
  const compared = sql`
    select coalesce(n.ref, s.ref) as ref, coalesce(n.name, s.name) as name,
      case when s.ref is null then 'fresh' when n.ref is null then 'gone' when s.digest = n.digest then 'same'
        else 'changed' end as state
    from (select ref, name, digest from home.published_incidents_incident where batch = ${batch}) n
    full join (select i.ref, i.name, i.digest from home.published_incidents_incident i
      join home.published_incidents_batch b on b.id = i.batch and b.state = 'standing'
      where b.set_code = (select set_code from home.published_incidents_batch where id = ${batch}) and b.id <> ${batch}) s
      on s.ref = n.ref`
  const { rows } = await sql<{ state: string; n: number; some: { ref: string; name: string }[] | null }>`
    select state, max(n)::int as n,
      jsonb_agg(jsonb_build_object('ref', ref, 'name', name) order by place) filter (where state <> 'same') as some
    from (select *, count(*) over (partition by state) as n,
        row_number() over (partition by state order by length(ref), ref) as place from (${compared}) c) placed
    where place <= ${shown} group by state`.execute(db)
  const of = (state: string) => rows.find((row) => row.state === state)
  const count = (state: string) => of(state)?.n ?? 0
  return {
    fresh: count('fresh'),
    changed: count('changed'),
    same: count('same'),
    gone: count('gone'),
    examples: { fresh: of('fresh')?.some ?? [], changed: of('changed')?.some ?? [], gone: of('gone')?.some ?? [] },
  }
}

/** A batch that was read takes the place of the one of its set that stood. Twice is once. */
export async function keepBatch(services: Services, viewer: Viewer, id: string): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    const batch = await lockBatch(tx, id)
    if (batch.state === 'standing') return
    if (batch.state !== 'read') throw new Refusal('published-incidents.not-to-keep')
    const now = services.clock.now()
    const before = await tx
      .updateTable('home.published_incidents_batch')
      .set({ state: 'replaced', ended_by: viewer.person.id, ended_at: now })
      .where('set_code', '=', batch.set_code)
      .where('state', '=', 'standing')
      .returning('id')
      .execute()
    for (const one of before) await deleteRows(tx, one.id)
    await tx
      .updateTable('home.published_incidents_batch')
      .set({ state: 'standing', stood_at: now })
      .where('id', '=', id)
      .execute()
  })
  services.live.publish(topicOf(id))
}

/** Takes a batch out with every row of it; that it was here, by whom and when stays. Twice is once. */
export async function removeBatch(services: Services, viewer: Viewer, id: string): Promise<void> {
  await services.db.transaction().execute(async (tx) => {
    const batch = await lockBatch(tx, id)
    if (['removed', 'discarded', 'replaced'].includes(batch.state)) return
    await deleteRows(tx, id)
    const state: BatchState = batch.state === 'standing' ? 'removed' : 'discarded'
    await tx
      .updateTable('home.published_incidents_batch')
      .set({ state, choices: '{}', ended_by: viewer.person.id, ended_at: services.clock.now() })
      .where('id', '=', id)
      .execute()
  })
  services.live.publish(topicOf(id))
}

async function lockBatch(tx: Tx, id: string) {
  // Batches of one set are kept and removed one after the other.
  await sql`select pg_advisory_xact_lock(hashtext('published-incidents'))`.execute(tx)
  const batch = await tx
    .selectFrom('home.published_incidents_batch')
    .select(['state', 'set_code'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (!batch) throw new Refusal('published-incidents.batch-not-found')
  return batch
}

async function deleteRows(tx: Tx, batch: string): Promise<void> {
  for (const table of tables)
    await tx.deleteFrom(`home.published_incidents_${table}`).where('batch', '=', batch).execute()
  await tx.deleteFrom('home.published_incidents_file').where('batch', '=', batch).execute()
}
