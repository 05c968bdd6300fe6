import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Triggers of an exercise run on the clock of its drill space. */
export const legalClocksDrills: Migration = {
  name: 'legal-clocks/0003-drills',
  async up(tx) {
    await sql`alter table home.legal_clocks_trigger add column clock_space text`.execute(tx)
  },
}
