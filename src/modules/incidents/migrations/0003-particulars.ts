import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsParticulars: Migration = {
  name: 'incidents/0003-particulars',
  async up(tx) {
    await sql`
      create table home.incidents_particular (
        id text primary key, incident text not null references home.incidents_incident (id),
        compartment text references home.incidents_compartment (id), kind text not null, value jsonb not null,
        known_by text not null, known_since text not null, consent text not null, embargo text,
        by_person text not null, at bigint not null, corrects text, ended_at bigint,
        ordinal bigint generated always as identity);
      create index incidents_particular_of on home.incidents_particular (incident, ordinal);
      create table home.incidents_dispute (
        id text primary key, incident text not null references home.incidents_incident (id),
        particular text not null references home.incidents_particular (id),
        disputed_by text not null, why text not null, by_person text not null, at bigint not null,
        ordinal bigint generated always as identity);
      create index incidents_dispute_of on home.incidents_dispute (incident);`.execute(tx)
  },
}
