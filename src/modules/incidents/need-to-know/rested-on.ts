import type { Services } from '../../../core/module/types.ts'
import type { Tx } from '../../../core/storage/types.ts'
import { beyondSight } from './in-sight.ts'
import '../tables.ts'

/** Items of an incident that stand elsewhere word for word: written into a letter, or kept by another room. */
export async function restedOn(services: Services, tx: Tx, incident: string): Promise<string[]> {
  const carried = await tx
    .selectFrom('home.incidents_carried')
    .select('item')
    .where('incident', '=', incident)
    .where(beyondSight('whether an item was told to others, for the lead who moves it'))
    .execute()
  const rooms = await Promise.all(services.modules.map((module) => module.restsOn?.(tx, incident) ?? []))
  return [...carried.map(({ item }) => item), ...rooms.flat()]
}
