import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Draft, Route, Visit } from '../../../core/module/types.ts'
import { isId } from '../../../protocol/index.ts'
import { getDraft, reviewDraft } from '../../spaces/index.ts'
import { addComment, settleComment } from './comments.ts'

const commentInput = z.object({
  id: z.string().refine(isId),
  about: z.string().max(200).default('whole'),
  comment: z.string().trim().min(1).max(4000),
})

/** Everybody who may read a draft may comment on it: `getDraft` asks. */
export const commentRoutes: Route[] = [
  {
    method: 'POST',
    path: '/drafts/:id/comments',
    permission: 'signed-in',
    input: commentInput,
    summary: 'Comment on a draft as a whole or on a paragraph, or answer a comment; it stays at home',
    handle: comment,
    onInvalid: (visit, errors) => reviewDraft(visit as Visit, errors),
  },
  settling('settle', 'settled', 'Mark a comment on a draft as settled'),
  settling('open', 'open', 'Open a settled comment again'),
]

async function comment(visit: Visit<z.infer<typeof commentInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const draft = await openDraft(visit)
  await addComment(services, viewer, { id: input.id, draft, about: input.about, words: input.comment })
  return shown(visit, draft)
}

function settling(verb: string, as: 'settled' | 'open', summary: string): Route {
  return {
    method: 'POST',
    path: `/drafts/:id/comments/:comment/${verb}`,
    permission: 'signed-in',
    summary,
    async handle(visit) {
      const draft = await openDraft(visit)
      await settleComment(visit.services, visit.viewer, { draft: draft.id, comment: visit.params.comment ?? '', as })
      return shown(visit, draft)
    },
  }
}

async function openDraft(visit: Visit<any>): Promise<Draft> {
  const draft = await getDraft(visit)
  if (draft.state === 'sent') throw new Refusal('draft.sent')
  return draft
}

function shown({ services }: Visit<any>, { id }: Draft): Answer {
  services.live.publish(`draft:${id}`)
  return { redirect: `/drafts/${id}/review#comments`, data: { id } }
}
