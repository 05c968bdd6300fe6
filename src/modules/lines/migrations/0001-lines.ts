import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const linesTables: Migration = {
  name: 'lines/0001-lines',
  async up(tx) {
    await sql`
      create table home.lines_line (
        id text primary key, incident text not null references home.incidents_incident (id),
        kind text not null, language text not null, place integer not null,
        by_person text not null, at bigint not null, withdrawn_by text, withdrawn_at bigint);
      create index lines_line_of on home.lines_line (incident, place);
      create table home.lines_wording (
        ordinal integer not null generated always as identity,
        id text primary key, line text not null references home.lines_line (id), language text not null,
        question text not null, words text not null, renders text, audience text not null, marking text not null,
        valid_from bigint not null, valid_until bigint, by_person text not null, at bigint not null);
      create index lines_wording_of on home.lines_wording (line, ordinal);
      create table home.lines_resting (
        ordinal integer not null generated always as identity,
        id text primary key, line text not null references home.lines_line (id), grounds jsonb not null,
        why text not null, by_person text not null, at bigint not null);
      create index lines_resting_of on home.lines_resting (line, ordinal);
      create table home.lines_clearance (
        ordinal integer not null generated always as identity,
        id text primary key, line text not null references home.lines_line (id), language text not null,
        kind text not null, cleared_as text not null, by_person text not null, at bigint not null);
      create index lines_clearance_of on home.lines_clearance (line, ordinal);
    `.execute(tx)
  },
}
