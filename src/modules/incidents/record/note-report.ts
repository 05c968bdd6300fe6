import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getOpenIncident } from '../incident.ts'
import { publishChange, writeEntry } from '../write-entry.ts'

/**
 * Takes what somebody reported into the log of an incident that is open already, at the time it came in. The same id
 * twice is one entry.
 *
 * @throws Refusal `incidents.closed`, `incidents.entry-narrower`: the log has no marking but the incident's
 */
export async function noteReport(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  report: { id: string; reference: string; words: string; at: number; marking: Tlp },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  if (tlpRank(report.marking) > tlpRank(incident.marking)) throw new Refusal('incidents.entry-narrower')
  await services.db.transaction().execute((tx) =>
    writeEntry(services, viewer, tx, {
      id: report.id,
      incident: incident.id,
      kind: 'report',
      at: report.at,
      words: report.words,
      facts: { reference: report.reference },
    }),
  )
  publishChange(services, incident.id)
}
