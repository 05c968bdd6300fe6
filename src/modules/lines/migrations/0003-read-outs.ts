import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../read-outs/tables.ts'

export const readOutTables: Migration = {
  name: 'lines/0003-read-outs',
  async up(tx) {
    await sql`
      create table home.lines_published (
        ordinal integer not null generated always as identity,
        id text primary key, act text not null, party text not null, source text not null, published_on text not null,
        words text not null, by_person text not null, at bigint not null);
      create index lines_published_of on home.lines_published (act, ordinal);
      create table home.lines_finding (
        ordinal integer not null generated always as identity,
        id text primary key, act text not null, party text not null, pair text not null, ours text not null,
        theirs text not null, finding text not null, words text not null, by_person text not null, at bigint not null);
      create index lines_finding_of on home.lines_finding (act, ordinal);
      create table home.lines_read_out_clearance (
        read_out text primary key, act text not null, by_person text not null, at bigint not null);
      create index lines_read_out_clearance_of on home.lines_read_out_clearance (act);
    `.execute(tx)
  },
}
