import type { Services, Viewer } from '../../../core/module/types.ts'
import { inCompartment, inSight } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/** One time an item was graded anew. */
export interface Regrade {
  from: string
  to: string
  why: string
  by: string
  at: number
}

/** How the grade of an item ran, in order. */
export async function listRegrades(services: Services, viewer: Viewer, evidence: string): Promise<Regrade[]> {
  const rows = await services.db
    .selectFrom('home.incidents_regrade as g')
    .innerJoin('home.incidents_evidence as e', 'e.id', 'g.evidence')
    .selectAll('g')
    .where('g.evidence', '=', evidence)
    .where(inSight(services, viewer, 'e.incident'))
    .where(inCompartment(services, viewer, 'e'))
    .orderBy('g.ordinal')
    .execute()
  return rows.map(({ why, by_person: by, at, ...row }) => ({
    from: `${row.from_reliability}${row.from_credibility}`,
    to: `${row.reliability}${row.credibility}`,
    ...{ why, by, at },
  }))
}
