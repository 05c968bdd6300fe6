import { type RawBuilder, sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inCompartment } from '../need-to-know/in-sight.ts'
import '../tables.ts'

/**
 * When incidents began: of each its earliest dated event that this person reads, as a relation of `incident`, `day` (the
 * calendar day at the place of the event, or the first of a month) and whether it `is_exact` to the day. It
 * stands beside `hits`, the incidents that are asked about.
 */
export function startsSeen(services: Services, viewer: Viewer): RawBuilder<unknown> {
  return sql`select p.* from (select distinct on (p.incident) p.incident, p.began as day, p.began_exactly as is_exact
      from home.incidents_particular p
      where p.began is not null and p.ended_at is null and ${inCompartment(services, viewer, 'p')}
      order by p.incident, p.began, p.began_exactly
    ) p join hits h on h.id = p.incident`
}
