import type { Services, Viewer } from '../../../core/module/types.ts'
import { addObjects, readUploadInTurns } from '../open/open-incident.ts'
import { addLargeBundle, atOnceBytes, type NewBundle } from './begin-bundle.ts'

/** What became of a bundle: how many objects came in, or the bundle that a job reads. */
export type TakenObjects = { added: number } | { bundle: string }

/**
 * Takes the objects of a file into an incident: small ones at once, large ones by a job. The one door for files that
 * a person chose, however they came.
 *
 * @throws Refusal `incidents.closed`, BundleRefusal that says in which object what is wrong
 */
export async function takeObjects(
  services: Services,
  viewer: Viewer,
  incident: string,
  file: NewBundle,
): Promise<TakenObjects> {
  if (file.content.byteLength > atOnceBytes) {
    await addLargeBundle(services, viewer, incident, file)
    return { bundle: file.id }
  }
  const bundle = await readUploadInTurns(services, file.content, file.unmarked)
  return { added: await addObjects(services, viewer, incident, { id: file.id, bundle, from: file.file.slice(0, 255) }) }
}
