import { Refusal } from '../../core/http/index.ts'
import type { Route, Services, SpaceFacts, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { PathPage } from './pages/path-page.tsx'
import { begins, type Path, loadPath, type Stage } from './path.ts'

/** The page of a case’s way from contact to cooperation. */
export function pathRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/path',
      permission: 'de-escalation:read',
      summary: 'Where a case stands from contact to cooperation, as a picture and a table',
      async handle(visit) {
        const { space: id = '' } = visit.params
        const space = isId(id) ? await services.ledger.find(id) : undefined
        if (space?.kind !== 'case') throw new Refusal('not-found')
        const path = await loadPath(services, space)
        if (visit.wantsJson) return { data: { space: space.id, ...path } }
        return {
          page: <PathPage visit={visit} space={space} path={path} proposals={await proposals(visit, space, path)} />,
        }
      },
    },
  ]
}

/** Forms by which this person can begin a step that nothing shows yet. */
async function proposals({ services, viewer }: Visit, space: SpaceFacts, { steps }: Path) {
  const composers = services.modules.flatMap((module) => module.composers ?? [])
  const found = await Promise.all(
    steps.map(async ({ stage, acts }): Promise<{ stage: Stage; href: string }[]> => {
      if (acts.length > 0) return []
      const opening = (await services.ledger.acts(space.id, { limit: 1 }))[0]
      if (stage === 'forum')
        return opening && viewer.may('spaces.open:manage')
          ? [{ stage, href: `/spaces/open?kind=forum&under=${space.id}:${opening.hash}` }]
          : []
      const composer = composers.find(({ type }) => type === begins[stage])
      if (!composer || !(await composer.mayStart(services, viewer, space))) return []
      return [{ stage, href: `/spaces/${space.id}/write/${composer.type}` }]
    }),
  )
  return found.flat()
}
