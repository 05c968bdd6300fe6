import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/**
 * What lists and pictures of many incidents count by, in columns and indexes that hold nothing else: over many
 * incidents no words are read to count them.
 */
export const incidentsPictures: Migration = {
  name: 'incidents/0013-pictures',
  async up(tx) {
    await sql`
      alter table home.incidents_particular
        add column code text generated always as (value->>'code') stored,
        add column began text generated always as (
          case when kind = 'event' and value->'when'->>'precision' in ('minute', 'day', 'month', 'after')
            then left((value->'when'->>'local') || '-01', 10) end) stored,
        add column began_exactly boolean generated always as (
          case when kind = 'event' then value->'when'->>'precision' in ('minute', 'day') end) stored;
      drop index home.incidents_particular_code;
      drop statistics home.incidents_particular_codes;
      create index incidents_particular_code on home.incidents_particular (kind, code, incident) include (compartment)
        where ended_at is null;
      create statistics home.incidents_particular_codes (mcv) on kind, code from home.incidents_particular;
      create index incidents_particular_began on home.incidents_particular (incident, began, began_exactly)
        include (compartment) where ended_at is null and began is not null;
      create index incidents_severity_newest on home.incidents_severity (scheme, incident, ordinal desc) include (level);
      create index incidents_incident_counted on home.incidents_incident (id)
        include (marking, restricted, lead, state, category, drill, opened_at, touched_at, year, number);`.execute(tx)
  },
}
