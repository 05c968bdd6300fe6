import type { Json, Route, Services } from '../../../core/module/types.ts'
import { readMapping } from '../severity/read-mapping.ts'
import { readCategories } from './read-categories.ts'
import { VocabulariesPage } from './vocabularies-page.tsx'

/** What the categories and levels of the house have to do with those of others. */
export function vocabulariesRoutes(services: Services): Route[] {
  // A node does not start on a file that nobody can read.
  readCategories(services)
  return [
    {
      method: 'GET',
      path: '/incidents/vocabularies',
      permission: 'incidents:read',
      summary: 'Categories and levels of severity beside those of other vocabularies, both ways',
      async handle(visit) {
        const [categories, mapping] = [readCategories(visit.services), readMapping(visit.services)]
        if (!visit.wantsJson) return { page: <VocabulariesPage {...{ visit, categories, mapping }} /> }
        const { maps, parties } = mapping
        return { data: { ...categories.content, maps, parties } as unknown as Json }
      },
    },
  ]
}
