import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const letterheadTable: Migration = {
  name: 'letters/0001-letterhead',
  async up(tx) {
    await sql`
      create table home.letters_letterhead (
        number bigint generated always as identity primary key, id text not null unique, place jsonb not null,
        lines jsonb not null, noted_by text not null, noted_by_name text not null, noted_at bigint not null);
    `.execute(tx)
  },
}
