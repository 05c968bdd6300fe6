import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../releases/tables.ts'

export const releaseTables: Migration = {
  name: 'lines/0004-releases',
  async up(tx) {
    await sql`
      create table view.lines_release (
        space text not null, hash text not null, idx bigint not null, author text not null, sides jsonb not null,
        at_ms bigint not null, zone text not null, moves text, agreed_at bigint, closed_how text, closed_by text,
        moved_by text, primary key (space, hash));
      create table view.lines_release_agreement (
        space text not null, proposal text not null, party text not null, hash text not null, at bigint not null,
        primary key (space, proposal, party));
      create table view.lines_release_break (
        space text not null, hash text not null, idx bigint not null, proposal text not null, author text not null,
        party text not null, happened_at bigint not null, zone text not null, primary key (space, hash));
      create table home.lines_embargo (
        ordinal integer not null generated always as identity,
        id text primary key, about text not null, space text, release text, by_person text not null,
        at bigint not null);
      create index lines_embargo_of on home.lines_embargo (about, ordinal desc);
    `.execute(tx)
  },
}
