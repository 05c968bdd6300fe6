import { Refusal } from '../../core/http/index.ts'
import type { Route, Services, SpaceFacts, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { CoolingOffPage, loadCoolingOff } from './cooling-off/page.tsx'
import { findRunning, stateOf } from './cooling-off/periods.ts'
import { proposalComposer } from './cooling-off/proposal-composer.tsx'
import { PathPage } from './pages/path-page.tsx'
import { begins, type Path, loadPath, type Stage } from './path.ts'

/** The page of a case’s way from contact to cooperation, and that of the cooling-off periods of a space. */
export function deEscalationRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/spaces/:space/cooling-off',
      permission: 'de-escalation:read',
      summary: 'Cooling-off periods of a space: terms, clock, statements of a breach and their answers',
      async handle(visit) {
        const { space: id = '' } = visit.params
        const space = isId(id) ? await services.ledger.find(id) : undefined
        if (!space) throw new Refusal('not-found')
        const given = await loadCoolingOff(visit, space)
        if (visit.wantsJson)
          return {
            data: given.periods
              .filter(({ row }) => row.prolongs === null)
              .map(({ row, prolongations, breaches }) => {
                return { ...row, state: stateOf(row, given.now), prolongations, breaches }
              }),
          }
        return { page: <CoolingOffPage {...given} /> }
      },
    },
    {
      method: 'GET',
      path: '/spaces/:space/path',
      permission: 'de-escalation:read',
      summary: 'Where a case stands from contact to cooperation, as a picture and a table',
      async handle(visit) {
        const { space: id = '' } = visit.params
        const space = isId(id) ? await services.ledger.find(id) : undefined
        if (space?.kind !== 'case') throw new Refusal('not-found')
        const [path, running] = await Promise.all([loadPath(services, space), findRunning(services, space)])
        if (visit.wantsJson) return { data: { space: space.id, ...path } }
        const mayPropose = await proposalComposer.mayStart(services, visit.viewer, space)
        const given = { visit, space, path, running, mayPropose, proposals: await proposals(visit, space, path) }
        return { page: <PathPage {...given} /> }
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
