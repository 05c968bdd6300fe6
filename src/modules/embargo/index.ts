import { z } from 'zod'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Leaving, Module, Services, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { getDraft, reviewDraft } from '../spaces/index.ts'
import { copiedBesideDraft } from './copied-section.tsx'
import { findCopied, forgetNoted, listNoted, noteCopied, unnoted } from './find-copied.ts'
import { embargoTables } from './migrations/0001-embargo.ts'

const noteInput = z.object({
  id: z.string().refine(isId),
  approval: z.string().min(1).max(64),
  meant: z.literal('yes'),
  embargoWhy: z.string().trim().min(10).max(4_000),
})

/** Words that may not go out before a time are recognised where somebody copied them into another draft. */
export const embargo: Module = {
  name: 'embargo',
  migrations: [embargoTables],
  besideDraft: copiedBesideDraft,
  checkLeaving: requireNoted,
  async draftDiscarded(tx, draft) {
    await forgetNoted(tx, draft)
  },
  keptNoLonger: forgetNoted,
  routes: () => [
    {
      method: 'POST',
      path: '/drafts/:id/embargo',
      permission: 'signed-in',
      input: noteInput,
      summary: 'Say why a draft goes out although it holds words under an embargo; it stays at home',
      handle: note,
      onInvalid: (visit, errors) => reviewDraft(visit as Visit, errors),
    },
  ],
}

async function note(visit: Visit<z.infer<typeof noteInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const draft = await getDraft(visit)
  await noteCopied(services, viewer, { id: input.id, draft, approval: input.approval, why: input.embargoWhy })
  services.live.publish(`draft:${draft.id}`)
  return { redirect: `/drafts/${draft.id}/review#embargo`, data: { id: draft.id } }
}

/**
 * A warning that stops nobody who answers it: at the last yes, and once more when the hold is over.
 *
 * @throws Refusal `embargo.copied`
 */
async function requireNoted(services: Services, { draft, by }: Leaving): Promise<undefined> {
  const copied = await findCopied(services, by, draft)
  if (copied.length === 0) return
  if (unnoted(copied, await listNoted(services, draft.id), draft.approval).length > 0)
    throw new Refusal('embargo.copied')
}
