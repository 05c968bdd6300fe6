import type { HomeRecord, Services, Viewer } from '../../../core/module/types.ts'
import { narrowest } from '../../../core/markings/index.ts'
import type { Incident } from '../incident.ts'
import { listEvidenceFiles } from './list-evidence-files.ts'

/** Files of evidence as a search finds them: by title and name, each as narrow as all it hangs on. */
export async function fileRecords(
  services: Services,
  viewer: Viewer,
  incidents: readonly Incident[],
): Promise<HomeRecord[]> {
  const byId = new Map(incidents.map((one) => [one.id, one]))
  const files = await listEvidenceFiles(services, viewer, [...byId.keys()])
  return files.flatMap(({ incident: of, item, file }) => {
    const incident = byId.get(of)
    if (!incident || file.state !== 'ready') return []
    return [
      {
        href: `/incidents/${of}/evidence/${item.id}/files#file-${file.id}`,
        form: 'incidents.files.record',
        title: file.title || file.name,
        text: { title: [file.title, file.name] },
        marking: narrowest([{ tlp: incident.marking }, { tlp: item.tlp }, file.marking]),
        at: file.added_at,
      },
    ]
  })
}
