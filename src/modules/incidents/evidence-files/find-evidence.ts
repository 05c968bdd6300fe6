import { Refusal } from '../../../core/http/refusal.ts'
import { mark, reveal } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tlp } from '../../../protocol/types.ts'
import { getIncident, type Incident, readerOf } from '../incident.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** One item of evidence as its files need it. */
export interface EvidenceItem {
  id: string
  number: number
  words: string
  tlp: Tlp
  isWithdrawn: boolean
  /** Set of items of the incident with readers of its own. */
  compartment: string | null
}

/** What its files lie under; no draft can have such an id. */
export const filesOfEvidence = (evidence: string): string => `evidence:${evidence}`
/** What they are kept with, and forgotten with. */
export const recordOfIncident = (incident: string): string => `incident:${incident}`

/**
 * An item of evidence, for a person who may read it and its incident.
 *
 * @throws Refusal `incidents.not-found`, `incidents.evidence-not-found`
 */
export async function getEvidence(
  services: Services,
  viewer: Viewer,
  named: { incident: string; evidence: string },
): Promise<{ incident: Incident; item: EvidenceItem }> {
  const incident = await getIncident(services, viewer, named.incident)
  const [item] = await readEvidence(services, viewer, [incident.id], named.evidence)
  if (!item) throw new Refusal('incidents.evidence-not-found')
  return { incident, item }
}

/** Evidence of incidents, as far as this person may know of it and its own marking lets them see it. */
export async function readEvidence(
  services: Services,
  viewer: Viewer,
  incidents: readonly string[],
  only?: string,
): Promise<(EvidenceItem & { incident: string })[]> {
  if (incidents.length === 0) return []
  const rows = await services.db
    .selectFrom('home.incidents_evidence')
    .select(['id', 'incident', 'number', 'words', 'tlp', 'withdrawn_at', 'compartment'])
    .where(inSight(services, viewer))
    .where(inCompartment(services, viewer, 'home.incidents_evidence'))
    .where('incident', 'in', incidents)
    .$if(only !== undefined, (query) => query.where('id', '=', only as string))
    .orderBy('number')
    .execute()
  return rows.flatMap(({ withdrawn_at: withdrawn, ...item }) => {
    const marked = mark({ ...item, isWithdrawn: withdrawn !== null }, { tlp: item.tlp })
    const revealed = reveal(marked, readerOf(services, viewer), 'page')
    return revealed.shown ? [revealed.value] : []
  })
}
