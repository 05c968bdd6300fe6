import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsChallenge: Migration = {
  name: 'incidents/0008-challenge',
  async up(tx) {
    await sql`
      create table home.incidents_dissent (
        id text primary key, incident text not null references home.incidents_incident (id),
        assessment text not null references home.incidents_assessment (id), words text not null,
        alternative text references home.incidents_hypothesis (id), scheme text, word text,
        by_person text not null, at bigint not null, ordinal bigint generated always as identity);
      create index incidents_dissent_of on home.incidents_dissent (incident, ordinal);
      create table home.incidents_dissent_step (
        id text primary key, incident text not null references home.incidents_incident (id),
        dissent text not null references home.incidents_dissent (id), kind text not null, words text not null,
        by_person text not null, at bigint not null, ordinal bigint generated always as identity);
      create index incidents_dissent_step_of on home.incidents_dissent_step (incident, ordinal);
      create table home.incidents_challenge (
        id text primary key, incident text not null references home.incidents_incident (id),
        assessment text not null references home.incidents_assessment (id), method text not null, task text not null,
        asked text not null, due_on text not null, by_person text not null, at bigint not null,
        ordinal bigint generated always as identity);
      create index incidents_challenge_of on home.incidents_challenge (incident, ordinal);
      create table home.incidents_challenge_end (
        challenge text primary key references home.incidents_challenge (id),
        incident text not null references home.incidents_incident (id), outcome text not null, words text not null,
        assumptions jsonb not null, by_person text not null, at bigint not null);
      create index incidents_challenge_end_of on home.incidents_challenge_end (incident);`.execute(tx)
  },
}
