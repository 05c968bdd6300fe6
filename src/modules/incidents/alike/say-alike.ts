import type { Services, Viewer } from '../../../core/module/types.ts'
import { getIncident } from '../incident.ts'
import type { AlikeWord } from '../tables.ts'
import { publishChange } from '../write-entry.ts'
import '../tables.ts'

/** Keeps what a person says of two incidents, both of which they may know of; earlier words are kept too. */
export async function sayAlike(
  services: Services,
  viewer: Viewer,
  incident: string,
  said: { id: string; other: string; word: AlikeWord },
): Promise<void> {
  const [one, two] = [await getIncident(services, viewer, incident), await getIncident(services, viewer, said.other)]
  if (one.id === two.id) return
  const [first = '', second = ''] = [one.id, two.id].toSorted()
  await services.db
    .insertInto('home.incidents_alike')
    .values({
      id: said.id,
      incident: first,
      other: second,
      word: said.word,
      by_person: viewer.person.id,
      at: services.clock.now(),
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
  for (const id of [first, second]) publishChange(services, id)
}
