import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const directoryTables: Migration = {
  name: 'directory/0001-directory',
  async up(tx) {
    await sql`
      create table view.directory_profile (
        space text not null, party text not null, hash text not null, idx bigint not null,
        designation jsonb not null, zone text not null, languages jsonb not null, primary key (space, party));
      create table view.directory_contact (
        space text not null, party text not null, contact text not null, hash text not null, idx bigint not null,
        kind text not null, zone text not null, languages jsonb not null, hours text not null, removed_by text,
        primary key (space, party, contact));
      create table home.directory_shift (
        id text primary key, person text not null, rank integer not null check (rank between 1 and 9),
        from_at bigint not null, until_at bigint, ended_at bigint);
    `.execute(tx)
  },
}
