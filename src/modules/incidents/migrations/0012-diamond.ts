import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsDiamond: Migration = {
  name: 'incidents/0012-diamond',
  async up(tx) {
    await sql`
      create table home.incidents_diamond_placing (
        id text primary key, incident text not null references home.incidents_incident (id), about_kind text not null,
        about text not null, place text not null, kind text not null, item text not null, confidence text not null,
        why text not null, rests_on text, compartment text references home.incidents_compartment (id),
        by_person text not null, at bigint not null, ordinal bigint generated always as identity);
      create index incidents_diamond_placing_of on home.incidents_diamond_placing (incident, ordinal);
      create table home.incidents_diamond_step (
        id text primary key, incident text not null references home.incidents_incident (id),
        of_placing text not null references home.incidents_diamond_placing (id), kind text not null, into_place text,
        why text not null, by_person text not null, at bigint not null, ordinal bigint generated always as identity);
      create index incidents_diamond_step_of on home.incidents_diamond_step (incident, ordinal);
      create table home.incidents_diamond_features (
        id text primary key, incident text not null references home.incidents_incident (id), about_kind text not null,
        about text not null, phase text, direction text, result text, method text not null, resources text not null,
        compartment text references home.incidents_compartment (id), by_person text not null, at bigint not null,
        ordinal bigint generated always as identity);
      create index incidents_diamond_features_of on home.incidents_diamond_features (incident, ordinal);`.execute(tx)
  },
}
