import { Refusal } from '../../../core/http/refusal.ts'
import type { Services } from '../../../core/module/types.ts'
import type { Reader, Tx } from '../../../core/storage/types.ts'
import { BundleRefusal, type ReadBundle, readBundleInTurns } from '../../exchange/index.ts'
import { beyondSight } from '../need-to-know/in-sight.ts'
import { lockIncident } from '../need-to-know/series.ts'
import { insertLaidAside, layObjectsAside, objectsPerStatement } from '../open/insert-objects.ts'
import { requireBelowCeiling } from '../open/open-incident.ts'
import type { BundleState, RefusedBundle } from '../tables.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { bundleTopic } from './begin-bundle.ts'

/**
 * Reads a bundle and brings its objects into the incident, all of them or none. Begun again after a restart it goes on
 * behind the last portion that was laid aside.
 */
export async function takeInBundle(services: Services, id: string): Promise<void> {
  const row = await services.db
    .selectFrom('home.incidents_bundle')
    .select(['incident', 'bytes', 'unmarked', 'state'])
    .where('id', '=', id)
    .where(beyondSight('the job that a person asked for, who knew the incident'))
    .executeTakeFirst()
  if (row?.state !== 'reading' || row.bytes === null) return
  const { incident } = row
  try {
    const limits = { maxBytes: services.settings.maxUploadBytes }
    const bundle = await readBundleInTurns(new Uint8Array(row.bytes), row.unmarked, limits)
    requireBelowCeiling(bundle, (await requireOpen(services.db, incident)).ceiling)
    for await (const _ of layAside(services, id, bundle)) services.live.publish(bundleTopic(id))
    await services.db.transaction().execute((tx) => bringIn(services, tx, { id, incident }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await services.db.transaction().execute((tx) => end(services, tx, id, 'refused', { refused: reportOf(error) }))
  }
  services.live.publish(bundleTopic(id))
  publishChange(services, incident)
}

async function* layAside(services: Services, id: string, { objects }: ReadBundle): AsyncGenerator<void> {
  for (;;) {
    const isOver = await services.db.transaction().execute(async (tx) => {
      const done = await lockBundle(tx, id)
      const some = done === undefined ? [] : objects.slice(done, done + objectsPerStatement)
      if (done === undefined || some.length === 0) return true
      await layObjectsAside(tx, id, done, some)
      await tx
        .updateTable('home.incidents_bundle')
        .set({ objects_all: objects.length, objects_done: done + some.length })
        .where('id', '=', id)
        .execute()
      return false
    })
    if (isOver) return
    yield
  }
}

async function bringIn(services: Services, tx: Tx, { id, incident }: { id: string; incident: string }): Promise<void> {
  // Ordinals go on where the last ones ended, so takings-in wait for each other.
  await lockIncident(tx, incident)
  if ((await lockBundle(tx, id)) === undefined) return
  await requireOpen(tx, incident)
  const added = await insertLaidAside(tx, incident, id)
  const { by_person: by, file } = await end(services, tx, id, 'done', { added })
  if (added === 0) return
  await writeEntry(services, { person: { id: by } }, tx, {
    id,
    incident,
    kind: 'objects-added',
    facts: { count: added, from: file },
  })
}

/** Stops the reading of a bundle: nothing of it comes in. Twice is once. */
export async function stopBundle(services: Services, tx: Tx, id: string): Promise<void> {
  if ((await lockBundle(tx, id)) !== undefined) await end(services, tx, id, 'stopped', {})
}

/** How many objects were laid aside; undefined where the bundle is not read any more. */
async function lockBundle(tx: Tx, id: string): Promise<number | undefined> {
  const row = await tx
    .selectFrom('home.incidents_bundle')
    .select(['state', 'objects_done'])
    .where('id', '=', id)
    .where(beyondSight('a lock, of a bundle the caller was given'))
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.state === 'reading' ? row.objects_done : undefined
}

/** The report stands; the bytes and what was laid aside are let go. */
async function end(
  services: Services,
  tx: Tx,
  id: string,
  state: BundleState,
  { added = 0, refused = null }: { added?: number; refused?: RefusedBundle | null },
) {
  await tx.deleteFrom('home.incidents_bundle_object').where('bundle', '=', id).execute()
  return tx
    .updateTable('home.incidents_bundle')
    .set({ state, added, refused: JSON.stringify(refused), bytes: null, ended_at: services.clock.now() })
    .where('id', '=', id)
    .returning(['by_person', 'file'])
    .executeTakeFirstOrThrow()
}

async function requireOpen(db: Reader, incident: string) {
  const row = await db
    .selectFrom('home.incidents_incident')
    .select(['state', 'ceiling', 'code_name'])
    .where('id', '=', incident)
    .where(beyondSight('whether objects may still come in, for the job that a person asked for'))
    .executeTakeFirstOrThrow()
  if (row.state === 'closed') throw new Refusal('incidents.closed', { name: row.code_name })
  return row
}

const reportOf = (refusal: Refusal): RefusedBundle => ({
  code: refusal.code,
  facts: refusal.facts as RefusedBundle['facts'],
  faults: refusal instanceof BundleRefusal ? refusal.faults : [],
})
