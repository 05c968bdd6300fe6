import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const preparednessTables: Migration = {
  name: 'preparedness/0001-preparedness',
  async up(tx) {
    await sql`
      create table home.preparedness_writing (
        ordinal integer not null generated always as identity, id text primary key, plan text not null,
        marking text not null, content jsonb not null, by_person text not null, at bigint not null);
      create index preparedness_writing_of on home.preparedness_writing (plan, ordinal);
      create table home.preparedness_version (
        plan text not null, number integer not null,
        writing text not null unique references home.preparedness_writing (id),
        by_person text not null, at bigint not null, primary key (plan, number));
      create table home.preparedness_clearance (
        plan text not null, text text not null, fingerprint text not null, by_person text not null,
        at bigint not null, primary key (plan, text, fingerprint));
      create table home.preparedness_run (
        id text primary key, incident text not null references home.incidents_incident (id), plan text not null,
        annexes text[] not null, clock_space text, started_at bigint not null, by_person text not null,
        unique (incident, plan));
      create index preparedness_run_of on home.preparedness_run (plan);
      create table home.preparedness_follows (
        ordinal integer not null generated always as identity, id text primary key,
        run text not null references home.preparedness_run (id), version integer not null, reason text not null,
        by_person text not null, at bigint not null);
      create index preparedness_follows_of on home.preparedness_follows (run, ordinal);
      create table home.preparedness_mark (
        ordinal integer not null generated always as identity, id text primary key,
        run text not null references home.preparedness_run (id), step text not null, state text not null,
        words text not null, by_person text not null, at bigint not null);
      create index preparedness_mark_of on home.preparedness_mark (run, ordinal);
      create table home.preparedness_assignment (
        ordinal integer not null generated always as identity, id text primary key,
        run text not null references home.preparedness_run (id), role text not null, who text not null,
        by_person text not null, at bigint not null);
      create index preparedness_assignment_of on home.preparedness_assignment (run, ordinal);
      create table home.preparedness_lesson (
        ordinal integer not null generated always as identity, id text primary key,
        run text not null references home.preparedness_run (id), plan text not null, incident text not null,
        step text, words text not null, by_person text not null, at bigint not null);
      create index preparedness_lesson_of on home.preparedness_lesson (plan, ordinal);
      create table home.preparedness_lesson_answer (
        lesson text primary key references home.preparedness_lesson (id), version integer, words text not null,
        by_person text not null, at bigint not null);
    `.execute(tx)
  },
}
