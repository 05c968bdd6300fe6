import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsMerges: Migration = {
  name: 'incidents/0004-merges',
  async up(tx) {
    await sql`
      create table home.incidents_merge (
        id text primary key, incident text not null references home.incidents_incident (id),
        into_incident text not null references home.incidents_incident (id), why text not null,
        by_person text not null, at bigint not null, undone_by text, undone_at bigint, undone_why text);
      create unique index incidents_merge_stands on home.incidents_merge (incident) where undone_at is null;
      create index incidents_merge_of on home.incidents_merge (incident);
      create index incidents_merge_into on home.incidents_merge (into_incident);
      create table home.incidents_split (
        id text primary key, incident text not null references home.incidents_incident (id),
        into_incident text not null references home.incidents_incident (id), why text not null, moved jsonb not null,
        by_person text not null, at bigint not null);
      create index incidents_split_of on home.incidents_split (incident);
      create index incidents_split_into on home.incidents_split (into_incident);`.execute(tx)
  },
}
