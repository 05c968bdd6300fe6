import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import { tlpRank } from '../../../core/markings/index.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { tlpLabels } from '../../../protocol/types.ts'
import { getIncident, referenceOf } from '../incident.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import { listGlassRequests } from './break-glass.ts'
import { beyondSight, isInSight } from './in-sight.ts'
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

/**
 * References, and nothing else, of hidden incidents whose lead left the house and that nobody reads who could name
 * another: for those who may open them with a second person, while no request for it waits. Whoever is not cleared for
 * one could do nothing about it.
 */
export async function listUnreachable(services: Services, viewer: Viewer): Promise<string[]> {
  if (!viewer.may('break-glass:manage')) return []
  const people = await services.people.list()
  const here = people.map(({ id }) => id)
  const lost = await services.db
    .selectFrom('home.incidents_incident')
    .select(['id', 'year', 'number'])
    .where('restricted', '=', true)
    .where('state', '!=', 'closed')
    .where(sql<boolean>`lead <> all(${texts(here)})`)
    .where(sql<boolean>`marking = any(${texts(tlpLabels.filter((one) => tlpRank(one) <= tlpRank(viewer.ceiling)))})`)
    .where(beyondSight('that there is one is told to who may open it with a second person, and to nobody else'))
    .orderBy('opened_at')
    .limit(10)
    .execute()
  if (lost.length === 0) return []
  const managing = new Set(await services.people.holding('incidents:manage'))
  const able = people.filter(({ id }) => managing.has(id))
  const offices = able.flatMap((one) => one.offices.map(({ id }) => id))
  const { rows: read } = await sql<{ incident: string }>`
    select distinct r.incident from home.incidents_reader r
    where r.incident = any(${texts(lost.map(({ id }) => id))}) and r.compartment is null and r.ended_at is null
      and (r.until is null or r.until > ${services.clock.now()})
      and (r.kind = 'person' and r.who = any(${texts(able.map(({ id }) => id))})
        or r.kind = 'office' and r.who = any(${texts(offices)}))
      and ${beyondSight('whether somebody here reads it who could name a lead')}`.execute(services.db)
  const known = new Set(read.map(({ incident }) => incident))
  const asked = new Set((await listGlassRequests(services)).map(({ askedFor }) => askedFor.toUpperCase()))
  return lost
    .filter(({ id }) => !known.has(id))
    .map(referenceOf)
    .filter((one) => !asked.has(one.toUpperCase()))
}
