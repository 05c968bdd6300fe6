import type { Route, Services } from '../../../core/module/types.ts'
import { idOf } from '../form-route.ts'
import { SharedPage } from './shared-page.tsx'
import { viewShared } from './shared-view.ts'

/** What the other side sees. */
export function sharedRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/shared/:space',
      permission: 'incidents:read',
      summary: 'What the other members of a space see of an incident',
      async handle(visit) {
        const view = await viewShared(services, visit.viewer, idOf(visit), visit.params.space ?? '')
        if (!visit.wantsJson) return { page: <SharedPage visit={visit} view={view} /> }
        const { parties, objects, all, acts, files, allFiles } = view
        return {
          data: {
            parties,
            objects,
            all,
            files,
            allFiles,
            acts: acts.map((shown) => ({ act: shown.act.hash, content: shown.content, withheld: shown.withheld })),
          },
        }
      },
    },
  ]
}
