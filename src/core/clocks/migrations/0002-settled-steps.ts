import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Steps whose duty ended: their pages ask for nothing any more. */
export const settledSteps: Migration = {
  name: 'clocks/0002-settled-steps',
  async up(tx) {
    await sql`alter table home.clock_step add column settled_at bigint`.execute(tx)
    await sql`create index clock_step_unsettled on home.clock_step (clock) where settled_at is null`.execute(tx)
  },
}
