import type { HomeRecord, Services, Viewer } from '../../../core/module/types.ts'
import { fileRecords } from '../evidence-files/file-records.ts'
import { listIncidents } from '../incident.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'

/** Incidents this person may see, with what was written down in them and the files of their evidence, as a search finds them. */
export async function incidentRecords(services: Services, viewer: Viewer): Promise<HomeRecord[]> {
  if (!viewer.may('incidents:read')) return []
  const incidents = await listIncidents(services, viewer)
  if (incidents.length === 0) return []
  const ids = incidents.map(({ id }) => id)
  const [facts, entries, stated] = await Promise.all([
    services.db
      .selectFrom('home.incidents_fact')
      .select(['incident', 'words'])
      .where('incident', 'in', ids)
      .where(inSight(services, viewer))
      .where(inCompartment(services, viewer, 'home.incidents_fact'))
      .execute(),
    services.db
      .selectFrom('home.incidents_entry')
      .select(['incident', 'words'])
      .where('incident', 'in', ids)
      .where(inSight(services, viewer))
      .where(inCompartment(services, viewer, 'home.incidents_entry'))
      .execute(),
    services.db
      .selectFrom('home.incidents_particular')
      .select(['incident', 'value'])
      .where('incident', 'in', ids)
      .where('ended_at', 'is', null)
      .where(inSight(services, viewer))
      .where(inCompartment(services, viewer, 'home.incidents_particular'))
      .execute(),
  ])
  const particulars = stated.map(({ incident, value }) => ({ incident, words: value.words ?? null }))
  const said = Map.groupBy([...facts, ...entries, ...particulars], ({ incident }) => incident)
  const records = incidents.map(({ id, reference, title, codeName, summary, marking, openedAt }) => ({
    href: `/incidents/${id}`,
    form: 'incidents.navigation',
    title,
    text: { title: [title, codeName, reference], summary, said: (said.get(id) ?? []).map(({ words }) => words ?? '') },
    marking: { tlp: marking },
    at: openedAt,
  }))
  return [...records, ...(await fileRecords(services, viewer, incidents))]
}
