import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** What an emergency release went without, beside the second person. */
export const emergencyWithout: Migration = {
  name: 'release/0003-emergency-without',
  async up(tx) {
    await sql`alter table home.emergency add column without text not null default ''`.execute(tx)
  },
}
