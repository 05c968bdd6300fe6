import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsRested: Migration = {
  name: 'incidents/0009-rested',
  async up(tx) {
    // What an assessment rested on outlives the item: no reference leads from it.
    await sql`
      create table home.incidents_rested (
        assessment text not null references home.incidents_assessment (id),
        incident text not null references home.incidents_incident (id), evidence text not null,
        number integer not null, words_hash text not null, reliability text not null, credibility text not null,
        tlp text not null, marks jsonb not null, primary key (assessment, evidence));
      create table home.incidents_assessment_look (
        id text primary key, incident text not null references home.incidents_incident (id),
        assessment text not null references home.incidents_assessment (id), state text not null, why text not null,
        by_person text not null, at bigint not null, ordinal bigint generated always as identity);
      create index incidents_assessment_look_of on home.incidents_assessment_look (assessment, ordinal);
      create table home.incidents_regrade (
        ordinal bigint generated always as identity primary key,
        incident text not null references home.incidents_incident (id),
        evidence text not null references home.incidents_evidence (id) on delete cascade, compartment text,
        from_reliability text not null, from_credibility text not null, reliability text not null,
        credibility text not null, why text not null, by_person text not null, at bigint not null);
      create index incidents_regrade_of on home.incidents_regrade (evidence, ordinal);`.execute(tx)
  },
}
