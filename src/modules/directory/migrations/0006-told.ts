import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const toldTable: Migration = {
  name: 'directory/0006-told',
  async up(tx) {
    await sql`
      create table home.directory_told (
        number bigint generated always as identity primary key, id text not null unique, party text not null,
        entry text not null, contact jsonb not null, told_by text not null, noted_by text not null,
        noted_by_name text not null, noted_at bigint not null, forgotten_at bigint);
      create index directory_told_of on home.directory_told (party, entry, number desc);
    `.execute(tx)
  },
}
