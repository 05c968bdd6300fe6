import { actHref } from '../../core/module/act-href.ts'
import { z } from 'zod'
import { Refusal } from '../../core/http/refusal.ts'
import { hash, isoDuration } from '../../core/module/fields.ts'
import type { Answer, LoggedAct, Route, Services, SpaceFacts, Visit } from '../../core/module/types.ts'
import { footingOf, takeStep } from '../../core/release/index.ts'
import { isId } from '../../protocol/index.ts'
import { declareLater } from './pages/declare-page.tsx'
import { ForumsPage } from './pages/forums-page.tsx'
import { listForums } from './list-forums.ts'

const nothing = z.object({})

async function located({ services, params }: Visit): Promise<{ space: SpaceFacts; act: LoggedAct }> {
  const { space: id = '', act: named = '' } = params
  const space = isId(id) ? await services.ledger.find(id) : undefined
  const act = space && hash.safeParse(named).success ? await services.ledger.findAct(named) : undefined
  if (space?.kind !== 'forum' || act?.space !== space.id) throw new Refusal('not-found')
  return { space, act }
}

async function step(
  visit: Visit,
  about: { type: string; body: Record<string, string | number>; item?: string; waitMs?: number },
): Promise<Answer> {
  const { space, act } = await located(visit)
  const submission = await takeStep(visit.services, visit.viewer, {
    space: space.id,
    type: about.type,
    about: act.hash,
    item: about.item,
    body: about.body,
    waitMs: about.waitMs,
    marking: act.statement.marking,
  })
  return {
    redirect: actHref(space.id, act.hash),
    notice: submission.state === 'on-record' ? 'forums.notice.on-record' : 'forums.notice.signed',
    data: { ...submission },
  }
}

/** Long enough for a member that was just switched on. */
const longWaitMs = 15_000

/** In a browser a call that is not witnessed yet shows whose word is missing, and lets the chair wait. */
async function declare(visit: Visit<{ wait?: 'yes' }>): Promise<Answer> {
  const { services, wantsJson } = visit
  const type = 'forums.decision-declared'
  const body = { sought: visit.params.act ?? '' }
  try {
    return await step(visit, { type, body, waitMs: visit.input.wait ? longWaitMs : undefined })
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'footing-not-witnessed' || wantsJson) throw error
    const { space } = await located(visit)
    const footing = await footingOf(services, { space: space.id, type, body })
    if (!footing || footing.met) throw error
    return declareLater(visit, space, footing)
  }
}

export function forumRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/forums',
      permission: 'forums:read',
      summary: 'Forums with their items and drafts',
      async handle(visit) {
        const forums = await listForums(services, visit.viewer)
        return visit.wantsJson ? { data: forums } : { page: <ForumsPage visit={visit} forums={forums} /> }
      },
    },
    {
      method: 'GET',
      path: '/api/v1/forums',
      permission: 'forums:read',
      summary: 'Forums with their items and drafts',
      handle: async ({ viewer }) => ({ data: await listForums(services, viewer) }),
    },
    {
      method: 'POST',
      path: '/spaces/:space/drafts/:act/sponsor',
      permission: 'forums.sponsor-joined:send',
      input: nothing,
      summary: 'Join a draft as co-sponsor',
      handle: (visit) => step(visit, { type: 'forums.sponsor-joined', body: { draft: visit.params.act ?? '' } }),
    },
    {
      method: 'POST',
      path: '/spaces/:space/drafts/:act/propose',
      permission: 'forums.resolution-proposed:send',
      input: z.object({ bracket: z.string().regex(/^b[1-9]\d{0,2}$/), option: z.coerce.number().int().min(0).max(8) }),
      summary: 'Propose a wording for an open bracket',
      handle: (visit: Visit<{ bracket: string; option: number }>) =>
        step(visit, {
          type: 'forums.resolution-proposed',
          body: { draft: visit.params.act ?? '', bracket: visit.input.bracket, option: visit.input.option },
          item: `${visit.input.bracket}:${visit.input.option}`,
        }),
    },
    {
      method: 'POST',
      path: '/spaces/:space/proposals/:act/seek-consensus',
      permission: 'forums.consensus-sought:send',
      input: z.object({ within: isoDuration }),
      summary: 'Ask whether there is consensus on a proposed wording',
      handle: (visit: Visit<{ within: string }>) =>
        step(visit, {
          type: 'forums.consensus-sought',
          body: { proposal: visit.params.act ?? '', within: visit.input.within },
        }),
    },
    {
      method: 'POST',
      path: '/spaces/:space/sought/:act/declare',
      permission: 'forums.decision-declared:send',
      input: z.object({ wait: z.literal('yes').optional() }),
      summary: 'Declare consensus after the window closed without objection, once the call for it is witnessed',
      handle: declare,
    },
  ]
}
