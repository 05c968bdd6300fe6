import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { sql } from 'kysely'
import { getIncident, type Incident } from '../incident.ts'
import { beyondSight, inSight } from '../need-to-know/in-sight.ts'
import { chainOf, itemTables, linesAbout } from '../need-to-know/item-lines.ts'
import { lockIncident } from '../need-to-know/series.ts'
import { isOpened, openIncidentIn } from '../open/open-incident.ts'
import type { MovedRows } from '../tables.ts'
import { splitEvidence } from './split-evidence.ts'
import { splitObjects } from './split-objects.ts'
import { publishChange } from '../write-entry.ts'
import '../tables.ts'

/** Ids of what goes; objects by their identifier or exact name. */
export interface ChosenRows {
  facts: readonly string[]
  entries: readonly string[]
  particulars: readonly string[]
  evidence: readonly string[]
  objects: readonly string[]
}

export interface NewSplit {
  /** Of the new incident; the same id twice is one split. */
  id: string
  title: string
  why: string
  rows: ChosenRows
}

/** A split as it is carried out. */
interface Move {
  from: string
  into: string
  rows: ChosenRows
}

/**
 * Moves chosen facts, entries of the log, particulars, items of evidence and objects to a new incident with the same
 * marking, ceiling, lead and readers, so that nobody reads more than before. Each stands in one of the two afterwards.
 * Which went is kept, and both incidents say so. Merging the new one into the old shows all of it together again.
 *
 * @throws Refusal `incidents.split-nothing`, `incidents.split-rows` where something is not there any more, stands in a
 *   compartment or was contested on the record; `incidents.split-object-unknown`, `-named`, `-ends`
 */
export async function splitIncident(
  services: Services,
  viewer: Viewer,
  from: string,
  split: NewSplit,
): Promise<string> {
  const incident = await getIncident(services, viewer, from)
  if (incident.state === 'closed') throw new Refusal('incidents.closed', { name: incident.codeName })
  if (Object.values(split.rows).every((ids) => ids.length === 0)) throw new Refusal('incidents.split-nothing')
  await services.db.transaction().execute(async (tx) => {
    // Numbers run without gaps and code names are given once, so openings wait for each other.
    await sql`select pg_advisory_xact_lock(hashtext('incidents.number'))`.execute(tx)
    await lockIncident(tx, incident.id)
    if (await isOpened(tx, split.id)) return
    await openIncidentIn(services, viewer, tx, likewise(incident, split))
    await takeLeadAndReaders(tx, incident, split.id)
    const moved = await moveAll(services, viewer, tx, { from: incident.id, into: split.id, rows: split.rows })
    await tx
      .insertInto('home.incidents_split')
      .values({
        id: split.id,
        incident: incident.id,
        into_incident: split.id,
        why: split.why,
        moved: JSON.stringify(moved),
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

async function moveAll(services: Services, viewer: Viewer, tx: Tx, move: Move): Promise<MovedRows> {
  const { facts, entries, particulars } = move.rows
  await moveLines(services, viewer, tx, move)
  const evidence = await splitEvidence(services, viewer, tx, move)
  const objects = await splitObjects(services, viewer, tx, {
    ...move,
    named: move.rows.objects,
    evidence: evidence.map(({ id }) => id),
  })
  return { facts: [...facts], entries: [...entries], particulars: [...particulars], evidence, ...objects }
}

/** Facts, written entries and particulars, with their earlier wordings and what the log says of them. */
async function moveLines(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { from, into, rows: { facts, entries, particulars } }: Move,
): Promise<void> {
  const chosen = [
    ['fact', facts, sql`ended_at is null and act is null`],
    ['entry', entries, sql`kind in ('written', 'report')`],
    ['particular', particulars, sql`ended_at is null`],
  ] as const
  for (const [kind, given, condition] of chosen) {
    const ids = [...new Set(given)]
    const table = itemTables[kind]
    const there = await sql`select id from ${sql.table(table)} where id = any(${texts(ids)}) and incident = ${from}
      and compartment is null and ${condition} and ${inSight(services, viewer)}`.execute(tx)
    if (there.rows.length !== ids.length) throw new Refusal('incidents.split-rows')
    const chain = (await Promise.all(ids.map((id) => chainOf(tx, kind, id)))).flat()
    const lines = linesAbout(kind, chain)
    if (lines) await sql`update home.incidents_entry set incident = ${into} where id in (${lines})`.execute(tx)
    const untold = kind === 'fact' ? sql`act is null` : sql`true`
    const done = await sql`update ${sql.table(table)} set incident = ${into}
      where id = any(${texts(chain)}) and incident = ${from} and ${untold}`.execute(tx)
    if (Number(done.numAffectedRows ?? 0) !== chain.length) throw new Refusal('incidents.split-rows')
    // What others were told of a line is known where the line is.
    await sql`update home.incidents_carried set incident = ${into}
      where kind = ${kind} and item = any(${texts(chain)}) and incident = ${from}`.execute(tx)
    if (kind !== 'particular') continue
    await sql`update home.incidents_dispute set incident = ${into}
      where particular = any(${texts(chain)}) and incident = ${from}`.execute(tx)
  }
}
