import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const attributionsBetween: Migration = {
  name: 'attributions/0002-between',
  async up(tx) {
    await sql`
      create table home.attributions_said (
        act_id text primary key, incident text not null references home.incidents_incident (id),
        statement text not null references home.attributions_statement (id), space text not null,
        by_person text not null, at bigint not null);
      create index attributions_said_of on home.attributions_said (incident);
      create table view.attributions_stated (
        space text not null, hash text not null, act_id text not null, idx integer not null, author text not null,
        choice text not null, basis text not null, kind text not null, at bigint not null, replaced_by text,
        replaced_at bigint, withdrawn_by text, withdrawn_at bigint, primary key (space, hash));
      create index attributions_stated_act on view.attributions_stated (hash);
      create table view.attributions_answer (
        space text not null, hash text not null, idx integer not null, statement text not null, author text not null,
        answer text not null, at bigint not null, primary key (space, hash));
      create index attributions_answer_of on view.attributions_answer (statement, idx);
      create table view.attributions_contest (
        space text not null, hash text not null, idx integer not null, statement text not null, author text not null,
        ground text not null, at bigint not null, withdrawn_by text, withdrawn_at bigint, primary key (space, hash));
      create index attributions_contest_of on view.attributions_contest (statement, idx);
    `.execute(tx)
  },
}
