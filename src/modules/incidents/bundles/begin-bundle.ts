import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getOpenIncident } from '../incident.ts'
import { publishChange } from '../write-entry.ts'
import '../tables.ts'

/** A bundle that is read while the person goes on. */
export interface NewBundle {
  /** Chosen when the form was rendered: the same id twice is one bundle. */
  id: string
  /** Name of the file, or of the party it came from. */
  file: string
  content: Uint8Array
  /** Label of objects that carry none. */
  unmarked: Tlp
}

/** Bundles of up to so many bytes, some 7,000 objects, are read while the person waits. */
export const atOnceBytes = 2 * 1024 * 1024

export const bundleTask = 'incidents.bundle'

/** What a page that shows the course of a bundle listens to. */
export const bundleTopic = (bundle: string): string => `incident-bundle:${bundle}`

/** Keeps a bundle with the job that reads it; the caller was given the incident. */
export async function beginBundle(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  incident: string,
  { id, file, content, unmarked }: NewBundle,
): Promise<void> {
  const made = await tx
    .insertInto('home.incidents_bundle')
    .values({
      id,
      incident,
      file: file.slice(0, 255),
      unmarked,
      size: content.byteLength,
      bytes: Buffer.from(content),
      state: 'reading',
      objects_all: 0,
      objects_done: 0,
      added: 0,
      refused: JSON.stringify(null),
      by_person: viewer.person.id,
      at: services.clock.now(),
      ended_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 0n) return
  await services.jobs.enqueue(tx, bundleTask, { bundle: id }, { key: `${bundleTask}:${id}` })
}

/**
 * Has a bundle read for an incident that is open.
 *
 * @throws Refusal `incidents.not-found`, `incidents.closed`
 */
export async function addLargeBundle(
  services: Services,
  viewer: Viewer,
  incident: string,
  bundle: NewBundle,
): Promise<void> {
  const { id } = await getOpenIncident(services, viewer, incident)
  await services.db.transaction().execute((tx) => beginBundle(services, viewer, tx, id, bundle))
  publishChange(services, id)
}
