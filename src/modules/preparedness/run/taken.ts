import type { Services } from '../../../core/module/types.ts'
import type { AssignedRole } from './read-runs.ts'

/** People and offices who are with the house today, as `person:<id>` and `office:<id>`. */
export async function loadHolders({ people }: Services): Promise<ReadonlySet<string>> {
  const [all, offices] = await Promise.all([people.list(), people.offices()])
  return new Set([...all.map(({ id }) => `person:${id}`), ...offices.map(({ id }) => `office:${id}`)])
}

/**
 * Whether somebody took a role of a run: assigned in it, or a person whom the plan names. An office that a plan names
 * did not take it yet, and nobody who left the house did.
 */
export function isTaken({ assigned, who }: AssignedRole, holders: ReadonlySet<string>): boolean {
  if (!holders.has(assigned?.who ?? who)) return false
  return assigned !== undefined || who.startsWith('person:')
}
