import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const homeTasksTables: Migration = {
  name: 'home-tasks/0001-home-tasks',
  async up(tx) {
    const signed = sql.raw(`ordinal integer not null generated always as identity, by_person text not null,
      at bigint not null`)
    await sql`
      create table home.home_tasks_task (
        id text primary key, kind text not null, title text not null, asked text not null, marking text not null,
        about jsonb not null, received_on text not null, zone text not null, term text, due_on text,
        office text not null, ${signed});
      create index home_tasks_newest on home.home_tasks_task (ordinal desc);
      create table home.home_tasks_applicant (
        id text primary key, task text not null references home.home_tasks_task (id), name text not null,
        contact text not null, ${signed});
      create index home_tasks_applicant_of on home.home_tasks_applicant (task, ordinal);
      create table home.home_tasks_step (
        id text primary key, task text not null references home.home_tasks_task (id), kind text not null,
        facts jsonb not null, ${signed});
      create index home_tasks_step_of on home.home_tasks_step (task, ordinal);
      create index home_tasks_ended on home.home_tasks_step (task)
        where kind in ('answered', 'transferred', 'withdrawn');
      create table home.home_tasks_text (
        id text primary key, task text not null references home.home_tasks_task (id), language text not null,
        words text not null, ${signed});
      create index home_tasks_text_of on home.home_tasks_text (task, ordinal);
      create table home.home_tasks_link (
        id text primary key, task text not null references home.home_tasks_task (id),
        incident text not null references home.incidents_incident (id), linked boolean not null, ${signed});
      create index home_tasks_link_of on home.home_tasks_link (task, ordinal);
      create index home_tasks_link_to on home.home_tasks_link (incident);
      create table home.home_tasks_drawn (
        id text primary key, task text not null references home.home_tasks_task (id),
        incident text not null references home.incidents_incident (id), kind text not null, item text not null,
        stamp text not null, words text not null, marking text not null, drawn boolean not null, why text not null,
        ${signed});
      create index home_tasks_drawn_of on home.home_tasks_drawn (task, ordinal);
      create table home.home_tasks_part (
        id text primary key, task text not null references home.home_tasks_task (id), part text not null,
        title text not null, decision text not null, ground text not null, why text not null, words text not null,
        ${signed});
      create index home_tasks_part_of on home.home_tasks_part (task, ordinal);
      create table home.home_tasks_rung (
        task text not null references home.home_tasks_task (id), rung text not null, at bigint not null,
        primary key (task, rung));
    `.execute(tx)
  },
}
