import { type RawBuilder, sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { texts } from '../../../core/storage/index.ts'
import { inOpenSight, isLedBy } from '../../incidents/index.ts'

/** What a person answers for: themselves, and the offices they sit in. */
export const holdersOf = ({ person, offices }: Pick<Viewer, 'person' | 'offices'>): string[] => [
  `person:${person.id}`,
  ...offices.map(({ id }) => `office:${id}`),
]

/**
 * The condition on a run under which something of it may wait for this person: its incident is open and one they may
 * know of, a step is open, and they hold a role of what it follows (by the plan, as deputy, or assigned) or lead.
 */
export function waitsFor(services: Services, viewer: Viewer): RawBuilder<boolean> {
  const mine = texts(holdersOf(viewer))
  const run = sql.ref('home.preparedness_run.id')
  const followed = sql`home.preparedness_writing w where w.id = (select f.writing from home.preparedness_follows f
    where f.run = ${run} order by f.ordinal desc limit 1)`
  return sql<boolean>`(${inOpenSight(services, viewer, 'home.preparedness_run.incident')}
    and exists (select from ${followed} and exists (select from jsonb_array_elements(w.content->'steps') planned
      where (planned->>'annex' = '' or planned->>'annex' = any(home.preparedness_run.annexes))
        and coalesce((select m.state from home.preparedness_mark m where m.run = ${run} and m.step = planned->>'id'
          order by m.ordinal desc limit 1), 'open') = 'open'))
    and (${isLedBy(viewer, 'home.preparedness_run.incident')}
      or exists (select from home.preparedness_assignment a where a.run = ${run} and a.who = any(${mine}))
      or exists (select from ${followed} and exists (select from jsonb_array_elements(w.content->'roles') held
        where held->>'who' = any(${mine}) or held->>'deputy' = any(${mine})))))`
}
