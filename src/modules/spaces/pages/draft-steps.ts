import { z } from 'zod'
import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Visit } from '../../../core/module/types.ts'
import { checkDraft } from '../compose-draft.ts'
import { requireFilesDecided } from '../../files/index.ts'
import { getSpace } from '../find-space.ts'
import { getDraft } from '../get-draft.ts'
import { draftData, reviewTooLate } from './review-page.tsx'

export const approvalInput = z.object({
  approval: z.string().min(1).max(64),
  /** The person goes on although what the act rests on is not witnessed. */
  unwitnessed: z.literal('yes').optional(),
})
export const emergencyInput = z.object({
  approval: z.string().min(1).max(64),
  reason: z.string().trim().min(10).max(2000),
})
export const giveBackInput = z.object({ why: z.string().trim().min(1).max(2000) })

type Step = 'submit' | 'release' | 'stop' | 'discard'

/** What a step meets when somebody else took one since the page was drawn. */
const tooLate = new Set(
  ['approval-differs', 'not-drafting', 'not-waiting', 'not-held', 'hold-over', 'held', 'sent', 'discarded'].map(
    (code) => `draft.${code}`,
  ),
)

/** Takes a step; in a browser a step that came too late shows the page as it stands now, not a refusal. */
async function unlessTooLate(visit: Visit, take: () => Promise<Answer>): Promise<Answer> {
  try {
    return await take()
  } catch (error) {
    const isLate = error instanceof Refusal && (tooLate.has(error.code) || error.code === 'not-found')
    if (!isLate || visit.wantsJson) throw error
    return reviewTooLate(visit, error.code)
  }
}

/** Takes one step with a draft and shows where it is now. */
export function takeDraftStep(
  step: Step,
): (visit: Visit<{ approval?: string; unwitnessed?: 'yes' }>) => Promise<Answer> {
  return (visit) =>
    unlessTooLate(visit, async () => {
      const {
        services: { drafts },
        viewer,
        input,
      } = visit
      const before = await getDraft(visit)
      const { id, space, type, body, text } = before
      if (step === 'submit' || step === 'release') {
        const where = await getSpace(visit.services, space)
        await requireFilesDecided(visit.services, viewer, before, where)
        await checkDraft(visit.services, viewer, { space: where, type, body, text, id })
      }
      if (step === 'discard') {
        await drafts.discard(viewer, id)
        return {
          redirect: `/spaces/${space}`,
          data: { id, state: 'discarded' },
          notice: visit.t('spaces.review.discarded'),
        }
      }
      const draft =
        step === 'stop'
          ? await drafts.stop(viewer, id)
          : await drafts[step](viewer, id, input.approval ?? '', { unwitnessed: input.unwitnessed === 'yes' })
      return { redirect: `/drafts/${id}/review`, data: draftData(draft) }
    })
}

/** One person alone; see core/release. */
export function releaseInEmergency(visit: Visit<z.infer<typeof emergencyInput>>): Promise<Answer> {
  return unlessTooLate(visit, async () => {
    const { services, viewer, input } = visit
    const before = await getDraft(visit)
    const { id, space, type, body, text, state } = before
    if (state === 'drafting' || state === 'awaiting-release') {
      const where = await getSpace(services, space)
      await requireFilesDecided(services, viewer, before, where)
      await checkDraft(services, viewer, { space: where, type, body, text, id })
    }
    const draft = await services.drafts.emergency?.(viewer, id, input)
    return { redirect: `/drafts/${id}/review`, ...(draft && { data: draftData(draft) }) }
  })
}

/** Waits for whoever has not confirmed yet what the act rests on, then shows the draft again. */
export function groundDraft(visit: Visit): Promise<Answer> {
  return unlessTooLate(visit, async () => {
    const { id } = await getDraft(visit)
    const draft = await visit.services.drafts.ground?.(visit.viewer, id, groundWaitMs)
    return { redirect: `/drafts/${id}/review`, ...(draft && { data: draftData(draft) }) }
  })
}

/** Long enough for a member that was just switched on, short enough for a page. */
const groundWaitMs = 15_000

export function giveBack(visit: Visit<{ why: string }>): Promise<Answer> {
  return unlessTooLate(visit, async () => {
    const { id } = await getDraft(visit)
    const draft = await visit.services.drafts.giveBack(visit.viewer, id, visit.input.why)
    return { redirect: `/drafts/${id}/review`, data: draftData(draft) }
  })
}
