import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { getIncident } from '../incident.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { isInSight } from './in-sight.ts'
import { lockIncident } from './series.ts'

/**
 * Names a lead in place of one who left the house, so that nobody is locked out: by whoever reads the incident, also
 * for as long as the glass is broken. It is minuted with its reason, and the new lead is told.
 *
 * @throws Refusal `incidents.lead-is-here`, `incidents.nobody-such`
 */
export async function nameNewLead(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { lead, why }: { lead: string; why: string },
): Promise<void> {
  const { id } = await getIncident(services, viewer, incidentId)
  const found = await services.people.find(lead)
  if (!found) throw new Refusal('incidents.nobody-such', { field: 'newLead' })
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, id)
    const before = (await getIncident({ ...services, db: tx }, viewer, id)).lead
    if (before === lead) return
    if (await services.people.find(before)) throw new Refusal('incidents.lead-is-here')
    await tx.updateTable('home.incidents_incident').set({ lead }).where('id', '=', id).execute()
    await writeEntry(services, viewer, tx, { incident: id, kind: 'lead-left', words: why, facts: { name: found.name } })
    await services.notices.send(tx, {
      key: `incidents.lead:${id}:${services.clock.now()}`,
      person: lead,
      message: 'need-to-know.notice.lead',
      link: `/incidents/${id}/readers`,
      urgency: 'normal',
    })
  })
  publishChange(services, id)
}

/** Incidents in sight that are not closed and whose lead left the house, for whoever may name another. */
export async function listWithoutLead(
  services: Services,
  viewer: Viewer,
): Promise<{ id: string; title: string; codeName: string }[]> {
  if (!viewer.may('incidents:manage')) return []
  const here = (await services.people.list()).map(({ id }) => id)
  return services.db
    .selectFrom('home.incidents_incident')
    .select(['id', 'title', 'code_name as codeName'])
    .where('state', '!=', 'closed')
    .where(sql<boolean>`lead <> all(${texts(here)})`)
    .where(isInSight(services, viewer))
    .orderBy('touched_at', 'desc')
    .limit(10)
    .execute()
}
