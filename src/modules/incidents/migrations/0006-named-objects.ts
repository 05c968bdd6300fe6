import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Whether an identifier is marked narrower anywhere is asked of all incidents each time objects leave. */
export const incidentsNamedObjects: Migration = {
  name: 'incidents/0006-named-objects',
  async up(tx) {
    await sql`create index incidents_object_named on home.incidents_object (lower(right(stix_id, 36)))`.execute(tx)
  },
}
