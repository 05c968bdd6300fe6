import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

export const searchTables: Migration = {
  name: 'search/0001-search',
  async up(tx) {
    await sql`create table view.search_cursor (space text primary key, size bigint not null)`.execute(tx)
    await sql`
      create table view.search_marking (
        space text not null, key text not null, marking jsonb not null, primary key (key, space))`.execute(tx)
    await sql`
      create table view.search_act (
        space text not null, idx bigint not null, act text not null, at bigint not null, marking text not null,
        words tsvector not null, waiting boolean not null, stale boolean not null,
        primary key (space, idx))`.execute(tx)
    // Read for each act that a search passes by: kept in the row and as it is, not compressed beside it.
    await sql`alter table view.search_act set (toast_tuple_target = 8160)`.execute(tx)
    await sql`alter table view.search_act alter column words set storage external`.execute(tx)
    // Statistics would keep the commonest words of acts, and keep them after an erasure.
    await sql`alter table view.search_act alter column words set statistics 0`.execute(tx)
    await sql`create index search_act_words on view.search_act using gin (words) with (fastupdate = off)`.execute(tx)
    await sql`create index search_act_newest on view.search_act (at desc, space desc, idx desc)`.execute(tx)
    await sql`create index search_act_unread on view.search_act (space, idx) where waiting or stale`.execute(tx)
    // Words go in the very transaction in which what they stood in is erased, and their bytes with the next rewriting.
    // The lock: whoever reads the act for the index at this moment has to end first.
    await sql`create function view.search_forget() returns trigger language plpgsql as $$
      begin
        if exists (select from gone) then
          perform pg_advisory_xact_lock(hashtext('search'), hashtext(g.space)) from (select distinct space from gone) g;
          update view.search_act a set words = '', stale = true, waiting = false
            from gone g where a.space = g.space and a.idx = g.idx;
          insert into log.rewrite_due values ('view.search_act') on conflict do nothing;
        end if;
        return null;
      end $$`.execute(tx)
    await sql`create trigger search_forget after insert on view.erased_part
      referencing new table as gone for each statement execute function view.search_forget()`.execute(tx)
  },
}
