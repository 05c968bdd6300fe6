import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Files above the ceiling with an act that is not: their commitments; null where it is the act. */
export const fileSpills: Migration = {
  name: 'administration/0002-file-spills',
  async up(tx) {
    await sql`alter table home.spill add column files jsonb`.execute(tx)
  },
}
