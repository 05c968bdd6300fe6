import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const assistanceTables: Migration = {
  name: 'assistance/0001-assistance',
  async up(tx) {
    await sql`
      create table view.assistance_request (
        space text not null, request text not null, state text not null, kept_until text, extension text,
        at bigint not null, primary key (space, request));
      create index assistance_request_of on view.assistance_request (request);
      create table view.assistance_step (
        space text not null, hash text not null, idx bigint not null, request text not null, author text not null,
        step text not null, at bigint not null, primary key (space, hash));
      create index assistance_step_of on view.assistance_step (request, idx);
      create table view.assistance_execution (
        space text not null, hash text not null, request text not null, author text not null, recipient text not null,
        taken_first boolean not null, return_by text, delete_by text, taken_by text, taken_at bigint,
        disposed_by text, disposed_at bigint, primary key (space, hash));
      create index assistance_execution_hash on view.assistance_execution (hash);
      create index assistance_execution_of on view.assistance_execution (request);
      create table view.assistance_oral (
        space text not null, hash text not null, idx bigint not null, author text not null, addressee text not null,
        kind text not null, said_at bigint not null, at bigint not null, primary key (space, hash));
      create table home.assistance_incident (
        author text not null, act_id text not null, incident text not null, by_person text not null,
        at bigint not null, primary key (author, act_id));
      create index assistance_incident_of on home.assistance_incident (incident);
      create table home.assistance_work (
        id text primary key, request text not null, kind text not null, words text not null, person text,
        by_person text not null, by_name text not null, at bigint not null);
      create index assistance_work_of on home.assistance_work (request, at);
    `.execute(tx)
  },
}
