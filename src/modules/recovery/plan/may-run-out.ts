import { type RawBuilder, sql } from 'kysely'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inOpenSight } from '../../incidents/index.ts'
import '../tables.ts'

/**
 * The condition on rows of a table of recovery under which they are of a service that may ask something of somebody by
 * time alone: of an open incident the person may know of, still on the plan, reported, and with a target or a word on
 * when it is expected.
 */
export function mayRunOut(
  services: Services,
  viewer: Viewer,
  table: 'home.recovery_service' | 'home.recovery_report',
): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(`${table}.service`)} in (select newest.service
      from (select distinct on (s.service) s.service, s.content from home.recovery_service s
        where ${inOpenSight(services, viewer, 's.incident')} order by s.service, s.ordinal desc) newest
      where newest.content->>'isOff' <> 'true'
        and exists (select from home.recovery_report told
          where told.service = newest.service and told.content->>'kind' = 'state')
        and (newest.content->>'rto' is not null or newest.content->>'mtpd' is not null
          or newest.content->>'by' is not null or exists (select from home.recovery_report said
            where said.service = newest.service and said.content->>'kind' = 'forecast'))))`
}
