import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const responseTables: Migration = {
  name: 'response/0001-response',
  async up(tx) {
    await sql`
      create table home.response_answer (
        ordinal integer not null generated always as identity, id text not null, incident text not null references home.incidents_incident (id), question text not null,
        value text not null, why text not null, by_person text not null, at bigint not null,
        primary key (id, question));
      create index response_answer_of on home.response_answer (incident, at);
      create table home.response_override (
        ordinal integer not null generated always as identity, id text primary key, incident text not null references home.incidents_incident (id), target text not null,
        gives text not null, reason text not null, rests_on jsonb not null, by_person text not null,
        at bigint not null, withdrawn_by text, withdrawn_at bigint);
      create index response_override_of on home.response_override (incident);
      create table home.response_sheet (
        ordinal integer not null generated always as identity, id text primary key, incident text not null references home.incidents_incident (id), measure text not null,
        content jsonb not null, by_person text not null, at bigint not null);
      create index response_sheet_of on home.response_sheet (incident, at);
      create table home.response_decision (
        id text primary key, incident text not null references home.incidents_incident (id), number integer not null,
        decided_on text not null, decided_by text not null, rung text not null, considered jsonb not null,
        chosen text[] not null, why text not null, despite text not null, dissent text not null,
        review_on text not null, by_person text not null, at bigint not null, unique (incident, number));
      create table home.response_review (
        ordinal integer not null generated always as identity, id text primary key, decision text not null references home.response_decision (id),
        findings jsonb not null, next_on text, by_person text not null, at bigint not null);
      create index response_review_of on home.response_review (decision, at);
    `.execute(tx)
  },
}
