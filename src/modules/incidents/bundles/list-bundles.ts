import type { Services, Viewer } from '../../../core/module/types.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { isId } from '../../../protocol/index.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import type { BundleState, RefusedBundle } from '../tables.ts'
import '../tables.ts'

/** A bundle that a job reads or has read. Times are ms. */
export interface Bundle {
  id: string
  incident: string
  file: string
  size: number
  state: BundleState
  objectsAll: number
  objectsDone: number
  added: number
  /** Why it was refused: for whoever brought it only, as it tells what stands in the file. */
  refused?: RefusedBundle
  by: string
  at: number
  endedAt?: number
}

const shown = 20

/** Bundles that were read for an incident, newest first. */
export async function listBundles(services: Services, viewer: Viewer, incident: string): Promise<Bundle[]> {
  const rows = await bundles(services, viewer)
    .where('incident', '=', incident)
    .orderBy('at', 'desc')
    .limit(shown)
    .execute()
  return rows.map((row) => toBundle(row, viewer))
}

/** @throws Refusal `incidents.bundle-not-found` */
export async function getBundle(services: Services, viewer: Viewer, incident: string, id: string): Promise<Bundle> {
  const row = isId(id)
    ? await bundles(services, viewer).where('incident', '=', incident).where('id', '=', id).executeTakeFirst()
    : undefined
  if (!row) throw new Refusal('incidents.bundle-not-found')
  return toBundle(row, viewer)
}

const bundles = (services: Services, viewer: Viewer) =>
  services.db
    .selectFrom('home.incidents_bundle')
    .select(['id', 'incident', 'file', 'size', 'state', 'objects_all', 'objects_done', 'added', 'refused'])
    .select(['by_person', 'at', 'ended_at'])
    .where(inSight(services, viewer))

type Row = Awaited<ReturnType<ReturnType<typeof bundles>['executeTakeFirstOrThrow']>>

const toBundle = (row: Row, viewer: Viewer): Bundle => ({
  id: row.id,
  incident: row.incident,
  file: row.file,
  size: row.size,
  state: row.state,
  objectsAll: row.objects_all,
  objectsDone: row.objects_done,
  added: row.added,
  by: row.by_person,
  at: row.at,
  ...(row.refused !== null && row.by_person === viewer.person.id && { refused: row.refused }),
  ...(row.ended_at !== null && { endedAt: row.ended_at }),
})
