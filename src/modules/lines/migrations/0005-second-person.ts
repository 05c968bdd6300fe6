import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../second-person/tables.ts'

/** Who was asked to clear a line, and what they said; what waits for a release is found by it. */
export const secondPersonTables: Migration = {
  name: 'lines/0005-second-person',
  async up(tx) {
    await sql`
      create table home.lines_request (
        ordinal integer not null generated always as identity,
        id text primary key, line text not null references home.lines_line (id), language text not null,
        cleared_as text not null, why text not null, by_person text not null, at bigint not null);
      create index lines_request_of on home.lines_request (line, ordinal);
      create index lines_request_newest on home.lines_request (at);
      create table home.lines_request_person (
        request text not null references home.lines_request (id), person text not null, on_duty boolean not null,
        primary key (request, person));
      create table home.lines_request_answer (
        ordinal integer not null generated always as identity,
        id text primary key, request text not null references home.lines_request (id), person text not null,
        answer text not null, words text not null, at bigint not null);
      create index lines_request_answer_of on home.lines_request_answer (request, ordinal);
      create index lines_embargo_for on home.lines_embargo (release);
    `.execute(tx)
  },
}
