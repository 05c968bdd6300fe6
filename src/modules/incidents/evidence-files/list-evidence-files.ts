import type { DraftFile } from '../../../core/attachments/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { isShown } from '../../files/index.ts'
import { type EvidenceItem, filesOfEvidence, readEvidence, recordOfIncident } from './find-evidence.ts'

/** A file that is kept with an item of evidence. */
export interface EvidenceFile {
  incident: string
  item: EvidenceItem
  file: DraftFile
}

/**
 * Files of incidents that were shown to this person, as far as the item and the file themselves are marked for them:
 * all three are asked.
 */
export async function listEvidenceFiles(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
): Promise<EvidenceFile[]> {
  const files = await services.attachments.kept(...incidents.map(recordOfIncident))
  if (files.length === 0) return []
  const items = new Map(
    (await readEvidence(services, viewer, incidents)).map((item) => [filesOfEvidence(item.id), item]),
  )
  return files.flatMap((file) => {
    const item = items.get(file.draft)
    return item && isShown({ services, viewer }, file) ? [{ incident: item.incident, item, file }] : []
  })
}

/** How many files each item has that this person may see. */
export async function countEvidenceFiles(
  services: Services,
  viewer: Viewer,
  incident: string,
): Promise<Map<string, number>> {
  const files = await listEvidenceFiles(services, viewer, [incident])
  return new Map([...Map.groupBy(files, ({ item }) => item.id)].map(([item, all]) => [item, all.length]))
}
