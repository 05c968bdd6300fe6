import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Up to which level of the party's own ladder a person is cleared. */
export const clearance: Migration = {
  name: 'auth/0002-clearance',
  async up(tx) {
    await sql`alter table home.person add column clearance text`.execute(tx)
  },
}
