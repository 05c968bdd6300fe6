import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const goodOfficesTables: Migration = {
  name: 'good-offices/0001-good-offices',
  async up(tx) {
    await sql`
      create table view.good_offices_state (
        space text primary key, consented_by text, consented_at bigint, ended_by text, ended_party text,
        ended_at bigint);
      create table view.good_offices_said (
        space text not null, hash text not null, idx bigint not null, author text not null, passing text,
        allowed_by text, at bigint not null, primary key (space, hash));
      create table view.good_offices_text (
        space text not null, hash text not null, idx bigint not null, version integer not null,
        text_hash text not null, open_brackets integer not null, at bigint not null, agreed_by text,
        agreed_at bigint, primary key (space, hash));
      create table view.good_offices_answer (
        space text not null, hash text not null, idx bigint not null, party text not null, text text not null,
        text_hash text not null, answer text not null, at bigint not null, primary key (space, hash));
      create table home.good_offices_passed (draft text primary key, said text not null);
    `.execute(tx)
  },
}
