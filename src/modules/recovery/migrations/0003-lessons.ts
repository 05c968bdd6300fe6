import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** What a recovery taught, what became of it, and the drafts that began with its words. */
export const recoveryLessons: Migration = {
  name: 'recovery/0003-lessons',
  async up(tx) {
    await sql`
      create table home.recovery_lesson (
        ordinal integer not null generated always as identity, id text primary key,
        incident text not null references home.incidents_incident (id), content jsonb not null, due_at bigint not null,
        tlp text not null, by_person text not null, at bigint not null);
      create index recovery_lesson_of on home.recovery_lesson (incident, ordinal);
      create table home.recovery_lesson_answer (
        lesson text primary key references home.recovery_lesson (id), id text not null, answer text not null,
        run text, words text not null, by_person text not null, at bigint not null);
      create table home.recovery_lesson_draft (
        draft text primary key, lesson text not null references home.recovery_lesson (id), by_person text not null,
        at bigint not null);
      create index recovery_lesson_draft_of on home.recovery_lesson_draft (lesson, at);
    `.execute(tx)
  },
}
