import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { movePlacings } from '../diamond/move-placings.ts'
import type { Incident } from '../incident.ts'
import { type MovedKind, movedKinds } from '../tables.ts'
import { numberOf } from '../weigh/number-evidence.ts'
import { compartmentFor } from './compartments.ts'
import { beyondSight } from './in-sight.ts'
import { chainOf, itemTables, linesAbout } from './item-lines.ts'
import { deciding } from './readers.ts'
import { restedOn } from './rested-on.ts'
import { lockIncident } from './series.ts'

/** Items of an incident by what they are. */
export type ChosenItems = Record<MovedKind, readonly string[]>

export interface NewMove {
  /** Chosen when the form was rendered: the same id twice is one move. */
  id: string
  /** None: all readers of the incident may see them from now on. */
  into?: string
  why: string
  items: ChosenItems
}

/**
 * Moves items between compartments, with their earlier wordings and what the log says of them, and keeps who could see
 * them until then. Only the lead moves; items that others were told, or that something rests on word for word, stay.
 *
 * @throws Refusal `incidents.not-the-lead`, `incidents.compartment-not-found`, `incidents.move-nothing`,
 *   `incidents.move-gone`, `incidents.move-rested-on`, `incidents.move-handler`
 */
export async function moveItems(services: Services, viewer: Viewer, incidentId: string, move: NewMove): Promise<void> {
  const into = await compartmentFor(services, viewer, incidentId, move.into)
  if (movedKinds.every((kind) => move.items[kind].length === 0)) throw new Refusal('incidents.move-nothing')
  await deciding(services, viewer, incidentId, async (tx, incident) => {
    await lockIncident(tx, incident.id)
    if (await isDone(tx, move.id)) return undefined
    const rows = await chosenRows(tx, incident.id, move.items)
    await requireFree(services, tx, incident.id, rows)
    if (into !== null) await requireHandlers(services, tx, { incident, into, rows })
    await keepMoves(services, viewer, tx, { incident, into, move, rows })
    for (const row of rows) await moveRow(tx, incident.id, row, into)
    const froms = new Set(rows.map(({ compartment }) => compartment))
    // Told where the items are from now on, and in the compartment they left: nobody else learns that they went.
    const told = into === null ? [null, ...froms] : [into, ...[...froms].filter((one) => one !== null)]
    return [...new Set(told)].map((compartment) => ({
      kind: compartment === into ? 'moved-here' : 'moved-away',
      words: move.why,
      facts: { count: rows.length },
      compartment,
    }))
  })
}

interface Row {
  kind: MovedKind
  id: string
  /** With every earlier wording. */
  chain: string[]
  compartment: string | null
}

async function isDone(tx: Tx, id: string): Promise<boolean> {
  const found = await tx
    .selectFrom('home.incidents_move')
    .select('id')
    .where('id', '=', id)
    .where(beyondSight('the same form twice is one move'))
    .executeTakeFirst()
  return found !== undefined
}

async function chosenRows(tx: Tx, incident: string, items: ChosenItems): Promise<Row[]> {
  const rows: Row[] = []
  for (const kind of movedKinds) {
    const ids = [...new Set(items[kind])]
    if (ids.length === 0) continue
    const stands = {
      fact: sql`ended_at is null and act is null`,
      particular: sql`ended_at is null`,
      entry: sql`kind in ('written', 'report')`,
      evidence: sql`true`,
    }
    const found = await sql<{ id: string; compartment: string | null }>`
      select id, compartment from ${sql.table(itemTables[kind])}
      where incident = ${incident} and id = any(${texts(ids)}) and ${stands[kind]}
        and ${beyondSight('the lead reads every item of the incident')}`.execute(tx)
    if (found.rows.length !== ids.length) throw new Refusal('incidents.move-gone')
    for (const { id, compartment } of found.rows)
      rows.push({ kind, id, compartment, chain: await chainOf(tx, kind, id) })
  }
  return rows
}

/** What others were told or what stands elsewhere word for word would be read there by people who may no more. */
async function requireFree(services: Services, tx: Tx, incident: string, rows: readonly Row[]): Promise<void> {
  const taken = new Set(await restedOn(services, tx, incident))
  if (rows.some(({ chain }) => chain.some((id) => taken.has(id)))) throw new Refusal('incidents.move-rested-on')
}

/** A source is not lost to whoever handles it. */
async function requireHandlers(
  services: Services,
  tx: Tx,
  { incident, into, rows }: { incident: Incident; into: string; rows: readonly Row[] },
): Promise<void> {
  const evidence = rows.flatMap(({ kind, id }) => (kind === 'evidence' ? [id] : []))
  const { rows: handlers } = await sql<{ handler: string }>`
    select distinct handler from home.incidents_source where evidence = any(${texts(evidence)})
      and ${beyondSight('who handles a source, not who it is')}`.execute(tx)
  for (const { handler } of handlers) {
    if (handler === incident.lead) continue
    const offices = (await services.people.find(handler))?.offices.map(({ id }) => id) ?? []
    const { rows: reads } = await sql`
      select from home.incidents_reader r where r.compartment = ${into} and r.ended_at is null and r.until is null
        and (r.kind = 'person' and r.who = ${handler} or r.kind = 'office' and r.who = any(${texts(offices)}))
        and ${beyondSight('whether the handler of a source reads the compartment')}`.execute(tx)
    if (reads.length === 0) throw new Refusal('incidents.move-handler')
  }
}

async function keepMoves(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { incident, into, move, rows }: { incident: Incident; into: string | null; move: NewMove; rows: readonly Row[] },
): Promise<void> {
  const readers = await tx
    .selectFrom('home.incidents_reader')
    .select(['compartment', 'kind', 'who'])
    .where('incident', '=', incident.id)
    .where('ended_at', 'is', null)
    .where(beyondSight('who could see the items until now, kept by the lead who decides it'))
    .execute()
  const knewOf = (compartment: string | null) => ({
    house: compartment === null && !incident.isRestricted,
    lead: incident.lead,
    readers: readers.filter((one) => one.compartment === compartment).map(({ kind, who }) => ({ kind, who })),
  })
  for (const { kind, id, compartment } of rows)
    await tx
      .insertInto('home.incidents_move')
      .values({
        id: move.id,
        incident: incident.id,
        kind,
        item: id,
        from_compartment: compartment,
        into_compartment: into,
        why: move.why,
        knew: JSON.stringify(knewOf(compartment)),
        by_person: viewer.person.id,
        at: services.clock.now(),
      })
      .execute()
}

async function moveRow(
  tx: Tx,
  incident: string,
  { kind, id, chain, compartment }: Row,
  into: string | null,
): Promise<void> {
  const lines = linesAbout(kind, chain)
  if (lines)
    await sql`update home.incidents_entry set compartment = ${into} where incident = ${incident} and id in (${lines})`.execute(
      tx,
    )
  if (kind !== 'entry') await movePlacings(tx, { incident, kind, chain, from: compartment, into })
  await sql`update ${sql.table(itemTables[kind])} set compartment = ${into}
    where id = any(${texts(chain)}) and incident = ${incident}`.execute(tx)
  if (kind !== 'evidence') return
  await tx.updateTable('home.incidents_regrade').set({ compartment: into }).where('evidence', '=', id).execute()
  await numberOf(tx, incident, id, into)
}
