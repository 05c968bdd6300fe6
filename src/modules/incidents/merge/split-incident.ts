import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { sql } from 'kysely'
import { getIncident, type Incident } from '../incident.ts'
import { beyondSight, inSight } from '../need-to-know/in-sight.ts'
import { lockIncident } from '../need-to-know/series.ts'
import { isOpened, openIncidentIn } from '../open/open-incident.ts'
import type { MovedRows } from '../tables.ts'
import { publishChange } from '../write-entry.ts'
import '../tables.ts'

export interface NewSplit {
  /** Of the new incident; the same id twice is one split. */
  id: string
  title: string
  why: string
  rows: MovedRows
}

/**
 * Moves chosen facts, entries of the log and particulars to a new incident with the same marking, ceiling, lead and
 * readers, so that nobody reads more than before. Which rows went is kept, and both incidents say so. Merging the new
 * one into the old shows them there again.
 *
 * @throws Refusal `incidents.split-nothing`, `incidents.split-rows` where a row is not there any more, stands in a
 *   compartment or was contested on the record.
 */
export async function splitIncident(
  services: Services,
  viewer: Viewer,
  from: string,
  split: NewSplit,
): Promise<string> {
  const incident = await getIncident(services, viewer, from)
  if (incident.state === 'closed') throw new Refusal('incidents.closed', { name: incident.codeName })
  const { facts, entries, particulars } = split.rows
  if (facts.length + entries.length + particulars.length === 0) throw new Refusal('incidents.split-nothing')
  await services.db.transaction().execute(async (tx) => {
    // Numbers run without gaps and code names are given once, so openings wait for each other.
    await sql`select pg_advisory_xact_lock(hashtext('incidents.number'))`.execute(tx)
    await lockIncident(tx, incident.id)
    if (await isOpened(tx, split.id)) return
    await openIncidentIn(services, viewer, tx, likewise(incident, split))
    await takeLeadAndReaders(tx, incident, split.id)
    await moveRows(services, viewer, tx, { from: incident.id, into: split.id, rows: split.rows })
    await tx
      .insertInto('home.incidents_split')
      .values({
        id: split.id,
        incident: incident.id,
        into_incident: split.id,
        why: split.why,
        moved: JSON.stringify(split.rows),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .execute()
  })
  for (const one of [incident.id, split.id]) publishChange(services, one)
  return split.id
}

const likewise = (incident: Incident, { id, title }: NewSplit) => ({
  id,
  title,
  summary: '',
  category: incident.category,
  drill: incident.drill,
  ceiling: incident.ceiling,
  marking: incident.marking,
  isRestricted: incident.isRestricted,
  source: { kind: 'split' as const, incident: incident.id },
})

async function takeLeadAndReaders(tx: Tx, incident: Incident, into: string): Promise<void> {
  await tx.updateTable('home.incidents_incident').set({ lead: incident.lead }).where('id', '=', into).execute()
  await sql`insert into home.incidents_reader (id, incident, compartment, kind, who, by_person, at, until)
    select md5(r.id || ${into}), ${into}, null, r.kind, r.who, r.by_person, r.at, r.until
    from home.incidents_reader r
    where r.incident = ${incident.id} and r.compartment is null and r.ended_at is null
      and ${beyondSight('whoever reads the one reads the other')}`.execute(tx)
}

async function moveRows(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { from, into, rows }: { from: string; into: string; rows: MovedRows },
): Promise<void> {
  const tables = [
    ['home.incidents_fact', rows.facts, sql`ended_at is null and act is null`],
    ['home.incidents_entry', rows.entries, sql`kind in ('written', 'report')`],
    ['home.incidents_particular', rows.particulars, sql`ended_at is null and corrects is null`],
  ] as const
  for (const [table, ids, condition] of tables) {
    const done = await sql`update ${sql.table(table)} set incident = ${into}
      where id = any(${texts(ids)}) and incident = ${from} and compartment is null and ${condition}
        and ${inSight(services, viewer, `${table}.incident`)}`.execute(tx)
    if (Number(done.numAffectedRows ?? 0) !== new Set(ids).size) throw new Refusal('incidents.split-rows')
  }
  await sql`update home.incidents_dispute set incident = ${into}
    where particular = any(${texts(rows.particulars)}) and incident = ${from}`.execute(tx)
}
