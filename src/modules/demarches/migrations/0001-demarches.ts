import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const demarchesTables: Migration = {
  name: 'demarches/0001-demarches',
  async up(tx) {
    await sql`
      create table home.demarche (
        id text primary key, subject text not null, objective text not null, talking_points jsonb not null,
        level text not null, deliver_by text, leave_behind text not null, tlp text not null, capitals jsonb not null,
        instructed_by text not null, instructed_by_name text not null, office text not null,
        instructed_at bigint not null);
      create index demarche_newest on home.demarche (instructed_at desc, id);
      create table home.demarche_note (
        number bigint generated always as identity primary key, id text not null unique,
        demarche text not null references home.demarche (id), capital text not null, kind text not null,
        on_date text not null, at_time text, by_whom text not null, to_whom text, answer text, words text,
        noted_by text not null, noted_by_name text not null, noted_at bigint not null);
      create index demarche_note_of on home.demarche_note (demarche, number);
    `.execute(tx)
  },
}
