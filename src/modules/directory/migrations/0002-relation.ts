import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const relationTable: Migration = {
  name: 'directory/0002-relation',
  async up(tx) {
    await sql`
      create table home.directory_relation (
        number bigint generated always as identity primary key, id text not null unique, party text not null,
        relation text, protecting text, level text, recalled boolean not null, recalled_on text,
        display_name jsonb not null, note text, noted_by text not null, noted_by_name text not null,
        noted_at bigint not null);
      create index directory_relation_of on home.directory_relation (party, number desc);
    `.execute(tx)
  },
}
