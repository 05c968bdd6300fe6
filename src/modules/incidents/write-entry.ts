import type { Services, Viewer } from '../../core/module/types.ts'
import type { Tx } from '../../core/storage/types.ts'
import { newId } from '../../protocol/index.ts'

/** What goes into the log of an incident; `kind` names its sentence (`incidents.log.<kind>`). */
export interface NewEntry {
  id?: string
  incident: string
  kind: string
  /** When it happened, ms; now if not said. */
  at?: number
  words?: string
  facts?: Record<string, string | number>
  /** Set of items it belongs to: only its readers see the entry, or that anything was touched. */
  compartment?: string | null
}

/** Adds one entry to the log of an incident; the same id twice is one entry. */
export async function writeEntry(
  services: Services,
  viewer: { person: Pick<Viewer['person'], 'id'> },
  tx: Tx,
  entry: NewEntry,
): Promise<void> {
  const now = services.clock.now()
  await tx
    .insertInto('home.incidents_entry')
    .values({
      id: entry.id ?? newId(),
      incident: entry.incident,
      at: entry.at ?? now,
      written_at: now,
      by_person: viewer.person.id,
      kind: entry.kind,
      words: entry.words ?? null,
      facts: JSON.stringify(entry.facts ?? {}),
      compartment: entry.compartment ?? null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  if (entry.compartment) return
  await tx.updateTable('home.incidents_incident').set({ touched_at: now }).where('id', '=', entry.incident).execute()
}

/** Tells open pages of the incident that something changed. */
export function publishChange(services: Services, incident: string): void {
  services.live.publish(`incident:${incident}`)
}
