import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Clearances of sheets by themselves: lines to take are kept by their own room. Rows of before stay where they are. */
export const briefSheets: Migration = {
  name: 'brief/0002-sheets',
  async up(tx) {
    await sql`
      create table home.brief_clearance (
        ordinal integer not null generated always as identity,
        id text primary key, incident text not null references home.incidents_incident (id),
        cleared_by text not null, cleared_at bigint not null, cleared_as text not null);
      create index brief_clearance_of on home.brief_clearance (incident, ordinal);
      insert into home.brief_clearance (id, incident, cleared_by, cleared_at, cleared_as)
        select id, incident, cleared_by, cleared_at, cleared_as from home.brief_lines
        where cleared_by is not null order by cleared_at, id;
    `.execute(tx)
  },
}
