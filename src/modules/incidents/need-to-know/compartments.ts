import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inSight, isOfCompartment } from './in-sight.ts'

/** A named set of evidence, facts and entries of an incident, with readers of its own. */
export interface Compartment {
  id: string
  name: string
}

/** Numbers of the evidence of one compartment lie within so many. */
export const itemsPerCompartment = 1_000

/** Before the first number of a compartment: out of its id, so that it tells nothing of how many others there are. */
export const numberBase = (compartment: string): number =>
  itemsPerCompartment * (10 + (Number.parseInt(compartment.slice(0, 6), 16) % 900))

/** Compartments of an incident that this person is a reader of; all of them for its lead. */
export async function listCompartments(services: Services, viewer: Viewer, incident: string): Promise<Compartment[]> {
  return services.db
    .selectFrom('home.incidents_compartment')
    .select(['id', 'name'])
    .where('incident', '=', incident)
    .where(inSight(services, viewer))
    .where(isOfCompartment(services, viewer))
    .orderBy('name')
    .orderBy('id')
    .execute()
}

/**
 * The compartment something is written into; null where none was named.
 *
 * @throws Refusal `incidents.compartment-not-found` where there is none, or none that this person reads.
 */
export async function compartmentFor(
  services: Services,
  viewer: Viewer,
  incident: string,
  named: string | undefined,
): Promise<string | null> {
  if (named === undefined) return null
  const found = (await listCompartments(services, viewer, incident)).find(({ id }) => id === named)
  if (!found) throw new Refusal('incidents.compartment-not-found', { field: 'compartment' })
  return found.id
}
