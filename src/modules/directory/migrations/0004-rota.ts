import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const rotaInFull: Migration = {
  name: 'directory/0004-rota',
  async up(tx) {
    await sql`
      alter table home.directory_shift add column person_name text, add column ended_why text;
      create index directory_shift_time on home.directory_shift (from_at);
      create table home.directory_absence (
        id text primary key, person text not null, deputy text, from_at bigint not null, until_at bigint not null,
        noted_by text not null, noted_at bigint not null, ended_at bigint);
      create index directory_absence_time on home.directory_absence (until_at);
      create table home.directory_hand_over (
        id text primary key, shift text not null, from_person text not null, from_name text not null,
        to_person text not null, to_name text not null, note text not null,
        given_at bigint not null, taken_at bigint, withdrawn_at bigint);
      create unique index directory_hand_over_open on home.directory_hand_over (shift)
        where taken_at is null and withdrawn_at is null;
    `.execute(tx)
  },
}
