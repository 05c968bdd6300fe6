import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Acts that came in above what this node may hold: what was found, who was told, what was done. */
export const spillTables: Migration = {
  name: 'administration/0001-spills',
  async up(tx) {
    await sql`
      create table home.spill (
        act text primary key, space text not null, idx bigint not null, author text not null, class text not null,
        found_at bigint not null, purged_at bigint, purged_by text
      )`.execute(tx)
  },
}
