import { viewerFor } from '../auth/index.ts'
import type { Leaving, Services } from '../module/types.ts'
import type { DraftServices } from './context.ts'
import { findSpace, readDraft } from './draft-row.ts'

/**
 * Asks every room about a draft on its way out, outside any transaction: a transaction must not wait for a second
 * connection. Nothing is asked of a draft that is no longer where the step would take it: the step itself says so.
 *
 * @returns facts for the record of the step
 * @throws Refusal of the first room that says no
 */
export async function checkLeaving(
  services: DraftServices,
  id: string,
  { stage, by }: Pick<Leaving, 'stage' | 'by'>,
): Promise<Record<string, string>> {
  const row = await services.db.selectFrom('home.draft').selectAll().where('id', '=', id).executeTakeFirst()
  const isThere =
    stage === 'signing' ? row?.state === 'held' : row?.state === 'drafting' || row?.state === 'awaiting-release'
  if (!row || !isThere) return {}
  const person = stage === 'signing' && row.releaser !== null ? row.releaser : undefined
  const giver = by ?? (person === undefined ? undefined : await viewerFor(services, { person, sessionId: '' }))
  const leaving: Leaving = {
    draft: await readDraft(services.db, row),
    space: await findSpace(services, row.space),
    stage,
    ...(giver && { by: giver }),
  }
  const facts: Record<string, string> = {}
  // Rooms are given all of the node, of which drafts themselves name only what they use.
  for (const module of services.modules)
    Object.assign(facts, await module.checkLeaving?.(services as Services, leaving))
  return facts
}
