import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const forumsTables: Migration = {
  name: 'forums/0001-forums',
  async up(tx) {
    await sql`
      create table view.forums_item (
        space text not null, item text not null, hash text not null, idx bigint not null, primary key (space, item));
      create table view.forums_statement (
        space text not null, hash text not null, idx bigint not null, item text not null, author text not null,
        kind text not null, to_act text, primary key (space, hash));
      create table view.forums_draft (
        space text not null, hash text not null, idx bigint not null, item text not null, author text not null,
        text_hash text not null, clean_at bigint, primary key (space, hash));
      create table view.forums_bracket (
        space text not null, draft text not null, bracket text not null, options integer not null,
        resolved_option integer, resolved_by text, primary key (space, draft, bracket));
      create table view.forums_sponsor (
        space text not null, draft text not null, party text not null, hash text not null,
        primary key (space, draft, party));
      create table view.forums_resolution (
        space text not null, hash text not null, idx bigint not null, draft text not null, bracket text not null,
        option integer not null, author text not null, primary key (space, hash));
      create table view.forums_seeking (
        space text not null, hash text not null, idx bigint not null, proposal text not null, draft text not null,
        until bigint not null, declared_by text, primary key (space, hash));
      create table view.forums_objection (
        space text not null, sought text not null, party text not null, hash text not null,
        primary key (space, sought, party));
    `.execute(tx)
  },
}
