import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsMoves: Migration = {
  name: 'incidents/0009-moves',
  async up(tx) {
    await sql`
      create table home.incidents_move (
        id text not null, incident text not null references home.incidents_incident (id), kind text not null,
        item text not null, from_compartment text references home.incidents_compartment (id),
        into_compartment text references home.incidents_compartment (id), why text not null, knew jsonb not null,
        by_person text not null, at bigint not null, primary key (id, item));
      create index incidents_move_of on home.incidents_move (incident, at);
      create table home.incidents_source_step (
        id text primary key, evidence text not null references home.incidents_evidence (id), kind text not null,
        who text, why text not null, by_person text not null, at bigint not null,
        ordinal integer not null generated always as identity);
      create index incidents_source_step_of on home.incidents_source_step (evidence);`.execute(tx)
  },
}
