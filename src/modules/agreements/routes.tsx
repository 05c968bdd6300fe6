import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Route, Services, Viewer } from '../../core/module/types.ts'
import type { AgreedText } from './acts.ts'
import { AgreementsPage } from './pages/agreements-page.tsx'
import { listCommitments, listTexts } from './queries.ts'

async function readTexts(services: Services, viewer: Viewer) {
  const states = await listTexts(services.db)
  const contents = await revealedContents<unknown, AgreedText>(
    services,
    viewer,
    states.map((one) => one.hash),
  )
  return states.map((state) => ({ state, text: contents.get(state.hash)?.text }))
}

export function agreementRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/agreements',
      permission: 'agreements:read',
      summary: 'Texts and the commitments they made',
      async handle(visit) {
        const [texts, commitments, spaces] = await Promise.all([
          readTexts(services, visit.viewer),
          listCommitments(services, visit.viewer),
          services.ledger.list(),
        ])
        const used = spaces.filter((space) => texts.some((one) => one.state.space === space.id))
        const drill = used.length > 0 && used.every((space) => space.drill) ? used[0]?.drill : undefined
        return { page: <AgreementsPage visit={visit} texts={texts} commitments={commitments} drill={drill} /> }
      },
    },
    {
      method: 'GET',
      path: '/api/v1/agreements',
      permission: 'agreements:read',
      summary: 'Texts with who agreed',
      handle: async ({ viewer }) => ({
        data: (await readTexts(services, viewer)).map(({ state, text }) => ({ ...state, title: text?.title })),
      }),
    },
    {
      method: 'GET',
      path: '/api/v1/commitments',
      permission: 'agreements:read',
      summary: 'Commitments in force, soonest due first',
      handle: async ({ viewer }) => ({ data: await listCommitments(services, viewer) }),
    },
  ]
}
