import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { getIncident, getOpenIncident, type IncidentState } from '../incident.ts'
import { compartmentFor } from '../need-to-know/compartments.ts'
import { inCompartment } from '../need-to-know/in-sight.ts'
import { publishChange, writeEntry } from '../write-entry.ts'
import '../tables.ts'

export const factStates = ['known', 'unknown', 'contested'] as const
export type FactState = (typeof factStates)[number]

/** Writes the three sentences at the head; earlier ones are kept. */
export async function writeBottomLine(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  line: { id: string; first: string; second: string; third: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const row = { ...line, incident: incident.id, by_person: viewer.person.id, at: services.clock.now() }
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.incidents_bottom_line')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'bottom-line' })
  })
  publishChange(services, incident.id)
}

/** Something we know, do not know, or that is contested; `replaces` ends the line it takes the place of. */
export interface NewFact {
  id: string
  state: FactState
  words: string
  replaces?: string
  /** Act that contested it. */
  act?: string
  compartment?: string
}

/** Adds a line to what is known, not known or contested. */
export async function writeFact(services: Services, viewer: Viewer, incidentId: string, fact: NewFact): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const compartment = await compartmentFor(services, viewer, incident.id, fact.compartment)
  const now = services.clock.now()
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.incidents_fact')
      .values({
        id: fact.id,
        incident: incident.id,
        state: fact.state,
        words: fact.words,
        by_person: viewer.person.id,
        since: now,
        ended_at: null,
        replaces: fact.replaces ?? null,
        act: fact.act ?? null,
        compartment,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    if (fact.replaces) {
      const ended = await tx
        .updateTable('home.incidents_fact')
        .set({ ended_at: now })
        .where('id', '=', fact.replaces)
        .where('incident', '=', incident.id)
        .where('ended_at', 'is', null)
        // Of the same compartment: for those outside it nothing may end because of what they cannot see.
        .where('compartment', 'is not distinct from', compartment)
        .where(inCompartment(services, viewer, 'home.incidents_fact'))
        .executeTakeFirst()
      if (ended.numUpdatedRows !== 1n) throw new Refusal('incidents.fact-changed', { field: 'replaces' })
    }
    if (fact.act) {
      const taken = await tx
        .insertInto('home.incidents_taken_up')
        .values({ act: fact.act, incident: incident.id, fact: fact.id, by_person: viewer.person.id, at: now })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if (taken.numInsertedOrUpdatedRows === 0n) throw new Refusal('incidents.taken-up-already')
    }
    await writeEntry(services, viewer, tx, {
      incident: incident.id,
      kind: `fact-${fact.state}`,
      words: fact.words,
      compartment,
    })
  })
  publishChange(services, incident.id)
}

/** Writes into the log what happened and when. */
export async function writeLogEntry(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  entry: { id: string; words: string; at?: number; compartment?: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  const compartment = await compartmentFor(services, viewer, incident.id, entry.compartment)
  const now = services.clock.now()
  if (entry.at !== undefined && entry.at > now + 60_000 && !incident.drill) {
    throw new Refusal('incidents.in-the-future', { field: 'at' })
  }
  await services.db.transaction().execute((tx) =>
    writeEntry(services, viewer, tx, {
      id: entry.id,
      incident: incident.id,
      kind: 'written',
      words: entry.words,
      at: entry.at,
      compartment,
    }),
  )
  publishChange(services, incident.id)
}

/** Moves an incident between open, contained and closed; a closed one can be opened again. */
export async function setState(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  state: IncidentState,
): Promise<void> {
  const incident = await getIncident(services, viewer, incidentId)
  if (incident.state === state) return
  await services.db.transaction().execute(async (tx) => {
    await tx.updateTable('home.incidents_incident').set({ state }).where('id', '=', incident.id).execute()
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: `state-${state}` })
  })
  publishChange(services, incident.id)
}
