import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Which trigger of a matter is the newest is asked for every line of Today. */
export const matterIndex: Migration = {
  name: 'legal-clocks/0002-matters',
  async up(tx) {
    await sql`create index legal_clocks_trigger_matter on home.legal_clocks_trigger (matter, ordinal)`.execute(tx)
  },
}
