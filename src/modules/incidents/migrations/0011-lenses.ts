import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsLenses: Migration = {
  name: 'incidents/0011-lenses',
  async up(tx) {
    await sql`
      alter table home.incidents_evidence add column lens text;
      create table home.incidents_responsibility (
        id text primary key, incident text not null references home.incidents_incident (id),
        hypothesis text not null references home.incidents_hypothesis (id), step text not null, told_on text not null,
        source text not null, why text not null, by_person text not null, at bigint not null,
        ordinal bigint generated always as identity);
      create index incidents_responsibility_of on home.incidents_responsibility (incident, ordinal);`.execute(tx)
  },
}
