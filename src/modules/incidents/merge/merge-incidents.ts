import { sql } from 'kysely'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { getIncident } from '../incident.ts'
import { beyondSight } from '../need-to-know/in-sight.ts'
import { lockIncident } from '../need-to-know/series.ts'
import { publishChange } from '../write-entry.ts'
import { findMergedInto } from './list-merges.ts'
import '../tables.ts'

export interface NewMerge {
  id: string
  /** The incident through which the other is read from now on. */
  into: string
  why: string
}

/**
 * Merges an incident into another. No row is moved or written: the other is shown with what may be read of this one
 * by the same person, so nobody reads more than before. The same id twice is one merge.
 *
 * @throws Refusal `incidents.merge-itself`, `incidents.merge-drill`, `incidents.merged-already`,
 *   `incidents.merge-circular`, `incidents.merge-target-merged`, `incidents.closed`
 */
export async function mergeIncident(services: Services, viewer: Viewer, id: string, merge: NewMerge): Promise<void> {
  const [merged, into] = [await getIncident(services, viewer, id), await getIncident(services, viewer, merge.into)]
  if (merged.id === into.id) throw new Refusal('incidents.merge-itself', { field: 'into' })
  if (merged.drill !== into.drill) throw new Refusal('incidents.merge-drill', { field: 'into' })
  await services.db.transaction().execute(async (tx) => {
    await lockBoth(tx, merged.id, into.id)
    if (await isKept(tx, merge.id)) return
    await requireMergeable(services, viewer, tx, { merged: merged.id, into: into.id })
    await endMerge(services, viewer, tx, merged.id, '')
    await tx
      .insertInto('home.incidents_merge')
      .values({
        id: merge.id,
        incident: merged.id,
        into_incident: into.id,
        why: merge.why,
        by_person: viewer.person.id,
        at: services.clock.now(),
        undone_by: null,
        undone_at: null,
        undone_why: null,
      })
      .execute()
  })
  for (const one of [merged.id, into.id]) publishChange(services, one)
}

/**
 * Takes a merge back: both stand for themselves again, with all that was written meanwhile where it was written.
 *
 * @throws Refusal `incidents.not-merged`
 */
export async function undoMerge(services: Services, viewer: Viewer, id: string, why: string): Promise<void> {
  const merged = await getIncident(services, viewer, id)
  const into = await findMergedInto(services, viewer, merged.id)
  if (!into) throw new Refusal('incidents.not-merged')
  await services.db.transaction().execute(async (tx) => {
    await lockBoth(tx, merged.id, into.id)
    const standing = await findMergedInto(services, viewer, merged.id, tx)
    if (standing?.merge !== into.merge) throw new Refusal('incidents.not-merged')
    await endMerge(services, viewer, tx, merged.id, why)
  })
  for (const one of [merged.id, into.id]) publishChange(services, one)
}

/** @throws Refusal `incidents.merged`, with the incident to write in, for whoever may know of both. */
export async function requireNotMerged(services: Services, viewer: Viewer, incident: string): Promise<void> {
  const into = await findMergedInto(services, viewer, incident)
  if (into) throw new Refusal('incidents.merged', { name: into.codeName, reference: into.reference })
}

/**
 * One merge at a time in the house, so that no circle closes over pairs that are merged at once; then both incidents,
 * always in one order, so that nobody who writes in them is locked out for ever.
 */
export async function lockBoth(tx: Tx, one: string, other: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('incidents.merge'))`.execute(tx)
  for (const id of [one, other].toSorted()) await lockIncident(tx, id)
}

async function isKept(tx: Tx, id: string): Promise<boolean> {
  const found = await tx
    .selectFrom('home.incidents_merge')
    .select('id')
    .where('id', '=', id)
    .where(beyondSight('the same form twice is one merge'))
    .executeTakeFirst()
  return found !== undefined
}

/** Looked at under the locks of both: what only stands merged where this person may not look refuses nothing. */
async function requireMergeable(
  services: Services,
  viewer: Viewer,
  tx: Tx,
  { merged, into }: { merged: string; into: string },
): Promise<void> {
  const already = await findMergedInto(services, viewer, merged, tx)
  if (already) throw new Refusal('incidents.merged-already', { name: already.codeName, reference: already.reference })
  const beyond = await findMergedInto(services, viewer, into, tx)
  const facts = beyond && { field: 'into', name: beyond.codeName, reference: beyond.reference }
  if (facts && beyond.id === merged) throw new Refusal('incidents.merge-circular', facts)
  if (facts) throw new Refusal('incidents.merge-target-merged', facts)
  if (await leadsTo(tx, into, merged)) throw new Refusal('incidents.merge-impossible', { field: 'into' })
  const target = await getIncident({ ...services, db: tx }, viewer, into)
  if (target.state === 'closed') throw new Refusal('incidents.closed', { field: 'into', name: target.codeName })
}

/** Whether one stands merged into the other through some that this person may not know of: it would be a circle. */
async function leadsTo(tx: Tx, from: string, to: string): Promise<boolean> {
  const found = await tx
    .withRecursive('above', (db) =>
      db
        .selectFrom('home.incidents_merge')
        .select('into_incident')
        .where('incident', '=', from)
        .where('undone_at', 'is', null)
        .where(beyondSight('a circle is one even where its way cannot be seen'))
        .union(
          db
            .selectFrom('home.incidents_merge as m')
            .innerJoin('above', 'above.into_incident', 'm.incident')
            .select('m.into_incident')
            .where('m.undone_at', 'is', null)
            .where(beyondSight('a circle is one even where its way cannot be seen')),
        ),
    )
    .selectFrom('above')
    .select('into_incident')
    .where('into_incident', '=', to)
    .executeTakeFirst()
  return found !== undefined
}

async function endMerge(services: Services, viewer: Viewer, tx: Tx, incident: string, why: string): Promise<void> {
  await tx
    .updateTable('home.incidents_merge')
    .set({ undone_by: viewer.person.id, undone_at: services.clock.now(), undone_why: why })
    .where('incident', '=', incident)
    .where('undone_at', 'is', null)
    .execute()
}
