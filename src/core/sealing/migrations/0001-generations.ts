import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

// Which key set of ours is in use. The key itself is only in the key set, wrapped to us as to every reader.
export const generations: Migration = {
  name: 'sealing/0001-generations',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`
      create table home.generation (
        space text not null, keys text primary key, readers text not null, seen_size bigint not null,
        made_at bigint not null
      )`.execute(tx)
    await sql`create index generation_space on home.generation (space, made_at)`.execute(tx)
  },
}
