import { Refusal } from '../../core/http/index.ts'
import type { Route } from '../../core/module/types.ts'
import { PageTestPage } from './pages/page-test-page.tsx'
import { acknowledgePageTest, findPageTest } from './set-up/page-test.ts'

/** Where a test page leads. No sign-in: whoever got the message is reached, which is all it proves. */
export const pageTestRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/page-test/:id',
    permission: 'public',
    summary: 'A test page of the duty desk',
    async handle(visit) {
      const test = await findPageTest(visit.services, visit.params.id ?? '')
      if (!test) throw new Refusal('not-found')
      return { page: <PageTestPage visit={visit} test={test} /> }
    },
  },
  {
    method: 'POST',
    path: '/page-test/:id',
    permission: 'public',
    summary: 'Acknowledge a test page',
    async handle({ services, params }) {
      const test = await acknowledgePageTest(services, params.id ?? '')
      if (!test) throw new Refusal('not-found')
      return { redirect: `/page-test/${test.id}` }
    },
  },
]
