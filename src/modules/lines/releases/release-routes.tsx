import { Refusal } from '../../../core/http/index.ts'
import type { Route } from '../../../core/module/types.ts'
import { isId } from '../../../protocol/index.ts'
import { proposalComposer } from './composers.tsx'
import { listReleases } from './list-releases.ts'
import { ReleasesPage } from './releases-page.tsx'

/** Where all times of release of a space stand. */
export function releaseRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/releases',
      permission: 'signed-in',
      summary: 'Times of release of a space: proposed, agreed, moved, broken, passed, and what of ours waits for each',
      async handle(visit) {
        const { services, viewer, params } = visit
        const { space: id = '' } = params
        const space = isId(id) ? await services.ledger.find(id) : undefined
        if (!space) throw new Refusal('not-found')
        const found = await listReleases(services, viewer, space)
        if (visit.wantsJson) return { data: found }
        const mayPropose = await proposalComposer.mayStart(services, viewer, space)
        return { page: <ReleasesPage {...{ visit, space, found, mayPropose }} /> }
      },
    },
  ]
}
