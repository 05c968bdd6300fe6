import { createHash } from 'node:crypto'
import { Refusal } from '../../core/http/refusal.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { getOpenIncident, type LoadedIncident, loadIncident, publishChange, writeEntry } from '../incidents/index.ts'
import { requireNoQuoteAtHome } from '../originator/index.ts'
import './tables.ts'

/** More lines than these nobody keeps in mind before a camera. */
export const mostLines = 7
export const lineLength = 300

export interface Brief {
  loaded: LoadedIncident
  /** What our people say when they are asked. */
  lines: readonly string[]
  writtenBy?: Signature
  clearedBy?: Signature
  /** It was cleared, and something on it is another since. */
  isChanged: boolean
  /** Names exactly what stands on it; whoever clears it clears this. */
  as: string
}

export interface Signature {
  person: string
  name: string
  at: number
}

/**
 * One page of an incident for whoever has to speak about it. It is made of the record at home and leaves by no other
 * way than a printer.
 *
 * @throws Refusal `incidents.not-found`
 */
export async function loadBrief(services: Services, viewer: Viewer, id: string): Promise<Brief> {
  const loaded = await loadForAll(services, viewer, id)
  const row = await newestLines(services, id)
  const lines = row?.lines ?? []
  const as = fingerprintOf(loaded, row)
  const signed = async (person: string | null | undefined, at: number | null | undefined) =>
    person && at ? { person, at, name: (await services.people.find(person))?.name ?? person } : undefined
  const isCleared = row?.cleared_as === as
  return {
    loaded,
    lines,
    writtenBy: await signed(row?.by_person, row?.at),
    clearedBy: await signed(row?.cleared_by, row?.cleared_at),
    isChanged: row?.cleared_by != null && !isCleared,
    as,
  }
}

/** Writes the lines to take anew; what was cleared before is not cleared any more. */
export async function writeLines(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, lines }: { id: string; lines: string[] },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await requireNoQuoteAtHome(services, viewer, { field: 'lines', words: lines })
  const row = { id, lines, incident: incident.id, by_person: viewer.person.id, at: services.clock.now() }
  await services.db.transaction().execute(async (tx) => {
    const done = await tx
      .insertInto('home.brief_lines')
      .values(row)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (done.numInsertedOrUpdatedRows === 0n) return
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'lines' })
  })
  publishChange(services, incident.id)
}

/**
 * A second person clears the brief as it stood before them.
 *
 * @throws Refusal `incidents.brief-changed`, `incidents.own-brief`, `incidents.brief-empty`
 */
export async function clearBrief(services: Services, viewer: Viewer, incidentId: string, seen: string): Promise<void> {
  const { incident } = (await loadBrief(services, viewer, incidentId)).loaded
  await services.db.transaction().execute(async (tx) => {
    const row = await newestLines({ db: tx }, incident.id)
    if (!row) throw new Refusal('incidents.brief-empty')
    if (row.by_person === viewer.person.id) throw new Refusal('incidents.own-brief')
    if (fingerprintOf(await loadForAll(services, viewer, incident.id), row) !== seen)
      throw new Refusal('incidents.brief-changed')
    if (row.cleared_as === seen) return
    await tx
      .updateTable('home.brief_lines')
      .set({ cleared_by: viewer.person.id, cleared_at: services.clock.now(), cleared_as: seen })
      .where('id', '=', row.id)
      .execute()
    await writeEntry(services, viewer, tx, { incident: incident.id, kind: 'brief-cleared' })
  })
  publishChange(services, incident.id)
}

/** Of an incident what all of its readers may see: a compartment of it has no place on a sheet that is read out. */
async function loadForAll(services: Services, viewer: Viewer, id: string): Promise<LoadedIncident> {
  const loaded = await loadIncident(services, viewer, id)
  return { ...loaded, facts: loaded.facts.filter(({ compartment }) => compartment === undefined) }
}

function newestLines({ db }: Pick<Services, 'db'>, incident: string) {
  return db
    .selectFrom('home.brief_lines')
    .selectAll()
    .where('incident', '=', incident)
    .orderBy('at', 'desc')
    .orderBy('id')
    .executeTakeFirst()
}

/** Of everything a person wrote on it. Clocks run by themselves and are read at the moment of printing. */
function fingerprintOf(
  { incident, bottomLine, facts }: LoadedIncident,
  row: { id: string; lines: readonly string[] } | undefined,
): string {
  const { id, title, marking, state } = incident
  const written = [id, title, marking, state, bottomLine?.sentences, facts.map((one) => [one.state, one.words])]
  return createHash('sha256')
    .update(JSON.stringify([...written, row?.id, row?.lines]))
    .digest('base64url')
}
