import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Two that were kept within one millisecond stand in the order they came in. */
export const readOutsInOrder: Migration = {
  name: 'talks/0002-read-outs-in-order',
  async up(tx) {
    await sql`
      alter table home.talks_read_out add column ordinal integer not null generated always as identity;
      create index talks_read_out_of on home.talks_read_out (proposal, ordinal);
    `.execute(tx)
  },
}
