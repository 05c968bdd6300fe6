import type { Services, Viewer, Visit } from '../../../core/module/types.ts'
import { particularWords } from '../facts/particular-words.ts'
import { listParticulars } from '../facts/state-particular.ts'
import { loadIncident, type LoadedIncident } from '../read/load-incident.ts'
import type { Knew, MovedKind } from '../tables.ts'
import { inSight } from './in-sight.ts'

/** An item that was moved between compartments. Times are ms. */
export interface MovedItem {
  move: string
  kind: MovedKind
  item: string
  from?: string
  into?: string
  why: string
  /** Who could see it until then. */
  knew: Knew
  by: string
  at: number
}

/** Moves of items, newest first, for whoever reads where they came from and where they are. */
export async function listMoves(
  services: Services,
  viewer: Viewer,
  incident: string,
  compartments: readonly { id: string }[],
): Promise<MovedItem[]> {
  const known = new Set<string | null>([null, ...compartments.map(({ id }) => id)])
  const rows = await services.db
    .selectFrom('home.incidents_move')
    .selectAll()
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .orderBy('at', 'desc')
    .orderBy('item')
    .execute()
  return rows
    .filter((row) => known.has(row.from_compartment) && known.has(row.into_compartment))
    .map((row) => ({
      move: row.id,
      kind: row.kind,
      item: row.item,
      ...(row.from_compartment !== null && { from: row.from_compartment }),
      ...(row.into_compartment !== null && { into: row.into_compartment }),
      why: row.why,
      knew: row.knew,
      by: row.by_person,
      at: row.at,
    }))
}

/** Something of an incident that a lead may move. */
export interface MovableItem {
  kind: MovedKind
  id: string
  words: string
  compartment?: string
}

/** All items of an incident that this person may read, by what they say. */
export async function listMovable(visit: Visit, incident: string): Promise<MovableItem[]> {
  const { services, viewer } = visit
  const loaded: LoadedIncident = await loadIncident(services, viewer, incident)
  const particulars = await listParticulars(services, viewer, incident)
  const item = (kind: MovedKind, { id, compartment }: { id: string; compartment?: string }, words: string) => ({
    kind,
    id,
    words,
    ...(compartment !== undefined && { compartment }),
  })
  return [
    ...loaded.facts.filter(({ act }) => act === undefined).map((one) => item('fact', one, one.words)),
    ...particulars.map((one) => item('particular', one, particularWords(visit, one.kind, one.value))),
    ...loaded.weighing.evidence.map((one) => item('evidence', one, `${one.number} · ${one.words}`)),
    ...loaded.log
      .filter(({ kind }) => kind === 'written' || kind === 'report')
      .map((one) => item('entry', one, one.words ?? '')),
  ]
}
