import { sql } from 'kysely'
import type { Migration } from '../storage/types.ts'

export const migrations: readonly Migration[] = [
  {
    name: 'scrub/0001-scrub',
    async up(tx) {
      await sql`create table home.scrub_space (
        space text primary key, next bigint not null, checked_at bigint
      )`.execute(tx)
      await sql`create table home.scrub_fault (
        space text not null, what text not null, idx bigint, detail text not null, found_at bigint not null,
        mended_at bigint, mended_from text
      )`.execute(tx)
      await sql`create index scrub_fault_open on home.scrub_fault (space) where mended_at is null`.execute(tx)
      await sql`create table log.rewrite_due (name text primary key)`.execute(tx)
      await sql`create function log.payload_deleted() returns trigger language plpgsql as $$
        begin
          if exists (select from gone) then
            insert into log.rewrite_due values ('log.blob_piece') on conflict do nothing;
          end if;
          return null;
        end $$`.execute(tx)
      await sql`create trigger payload_deleted after delete on log.blob_piece
        referencing old table as gone for each statement execute function log.payload_deleted()`.execute(tx)
    },
  },
  {
    name: 'scrub/0002-asked',
    async up(tx) {
      await sql`alter table home.scrub_space
        add column asked_at bigint, add column tried_at bigint, add column not_mended text`.execute(tx)
    },
  },
]
