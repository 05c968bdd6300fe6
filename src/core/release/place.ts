import { Refusal } from '../http/refusal.ts'
import type { SpaceFacts } from '../module/types.ts'
import type { DraftServices } from './context.ts'
import { definitionOf, findSpace } from './draft-row.ts'

/** Where a draft would go, read before its transaction: a transaction must not wait for a second connection. */
export interface Place {
  space: SpaceFacts
  /** Scenario ms now, and until when a hold that starts now lasts. */
  scenarioNow: number
  holdUntil: number
  /** Real ms at which that hold ends; undefined while the clock of a drill stands still before it. */
  holdEndsAt?: number
}

export async function placeOf(services: DraftServices, draft: string): Promise<Place> {
  const row = await services.db
    .selectFrom('home.draft')
    .select(['space', 'type'])
    .where('id', '=', draft)
    .executeTakeFirst()
  if (!row) throw new Refusal('draft.not-found')
  const space = await findSpace(services, row.space)
  const scenarioNow = await services.ledger.scenarioNow(space)
  // Acknowledgements and other direct acts are not held.
  const holdMs = definitionOf(services, row.type).release === 'direct' ? 0 : services.settings.holdMs
  const holdUntil = scenarioNow + holdMs
  const holdEndsAt = space.drill ? await services.ledger.realTimeOf(space.id, holdUntil) : holdUntil
  return { space, scenarioNow, holdUntil, holdEndsAt }
}
