import { sql } from 'kysely'
import { named } from '../../core/dated-data/index.ts'
import type { Pictured } from '../../core/module/types.ts'
import { readCatalogue } from './catalogue.ts'
import './tables.ts'

/** Decisions on a response for pictures of many incidents. */
export const picturedDecisions: Pictured = {
  decisions: () => sql`select d.incident, d.decided_on, d.chosen from home.response_decision d`,
  optionName(services, option, language) {
    const measure = readCatalogue(services).measures.find(({ id }) => id === option)
    return measure && { name: named(measure.names, language), kind: `response.category.${measure.category}` }
  },
}
