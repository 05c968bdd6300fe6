import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsBundles: Migration = {
  name: 'incidents/0008-bundles',
  async up(tx) {
    await sql`
      create table home.incidents_bundle (
        id text primary key, incident text not null references home.incidents_incident (id), file text not null,
        unmarked text not null, size integer not null, bytes bytea, state text not null, objects_all integer not null,
        objects_done integer not null, added integer not null, refused jsonb, by_person text not null,
        at bigint not null, ended_at bigint);
      create index incidents_bundle_of on home.incidents_bundle (incident, at);
      create table home.incidents_bundle_object (
        bundle text not null references home.incidents_bundle (id), place integer not null, stix_id text not null,
        version text not null, type text not null, name text not null, tlp text not null, marked_by text not null,
        mentions text[] not null, ends text[] not null, text text not null, primary key (bundle, place));`.execute(tx)
  },
}
