import { sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { getOpenIncident, type Incident } from '../incident.ts'
import { beyondSight } from '../need-to-know/in-sight.ts'
import { lockIncident } from '../need-to-know/series.ts'
import { type NewEntry, publishChange, writeEntry } from '../write-entry.ts'

type Line = Omit<NewEntry, 'incident' | 'at'>
type Change = Line | readonly Line[] | undefined

/** One change at a time per incident, with its lines in the log. */
export async function changing(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  change: (tx: Tx, incident: string, whole: Incident) => Promise<Change>,
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const { id } = incident
  await services.db.transaction().execute(async (tx) => {
    await lockIncident(tx, id)
    const lines = (await change(tx, id, incident)) ?? []
    for (const line of [lines].flat()) await writeEntry(services, viewer, tx, { incident: id, ...line })
  })
  publishChange(services, id)
}

/** The next number of a series within an incident. */
export async function nextNumber(
  tx: Tx,
  table: 'home.incidents_hypothesis' | 'home.incidents_assessment',
  incident: string,
): Promise<number> {
  const { rows } = await sql<{ number: number }>`
    select coalesce(max(number), 0) + 1 as number from ${sql.table(table)} where incident = ${incident}
      and ${beyondSight('only the next number, of an incident the caller was given')}`.execute(tx)
  return rows[0]?.number ?? 1
}
