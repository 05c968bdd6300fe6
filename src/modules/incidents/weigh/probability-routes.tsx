import type { Json, Route, Services } from '../../../core/module/types.ts'
import { ProbabilityPage } from './probability-page.tsx'
import { readProbability } from './read-probability.ts'

/** Schemes of probability words side by side. */
export function probabilityRoutes(services: Services): Route[] {
  // A node does not start on a file that nobody can read.
  readProbability(services)
  return [
    {
      method: 'GET',
      path: '/incidents/probability-words',
      permission: 'incidents:read',
      summary: 'Schemes of probability words side by side, and what a word of one is called in the others',
      async handle(visit) {
        if (visit.wantsJson) return { data: readProbability(visit.services).content as unknown as Json }
        return { page: <ProbabilityPage visit={visit} chosen={visit.query?.get('word') ?? undefined} /> }
      },
    },
  ]
}
