import { Refusal } from '../../core/http/index.ts'
import { mayLeave } from '../../core/markings/index.ts'
import type { Draft, Visit } from '../../core/module/types.ts'
import { maySeeDraft } from '../../core/release/index.ts'
import { isId } from '../../protocol/index.ts'
import { readerOf } from './show-acts.ts'

/**
 * The draft of the address, for somebody who may see it.
 *
 * @throws Refusal `not-found` (also for other people's drafts), `not-cleared` above the reader's ceiling.
 */
export async function getDraft({
  services,
  viewer,
  params,
}: Pick<Visit, 'services' | 'viewer' | 'params'>): Promise<Draft> {
  const draft = params.id !== undefined && isId(params.id) ? await services.drafts.find(params.id) : undefined
  if (!draft || !maySeeDraft(viewer, draft)) throw new Refusal('not-found')
  if (!mayLeave(draft.marking, { exit: 'page', reader: readerOf(services, viewer) }).allowed)
    throw new Refusal('not-cleared')
  return draft
}
