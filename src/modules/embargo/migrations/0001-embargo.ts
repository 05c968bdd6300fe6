import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const embargoTables: Migration = {
  name: 'embargo/0001-embargo',
  async up(tx) {
    await sql`
      create table home.embargo_noted (
        id text primary key, draft text not null, approval text not null, held text[] not null, why text not null,
        person text not null, person_name text not null, at bigint not null);
      create index embargo_noted_of on home.embargo_noted (draft, at);
    `.execute(tx)
  },
}
