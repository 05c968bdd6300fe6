import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Scenario time of a statement. Of those from before it stays null: then its leaf time is told. */
export const statementTime: Migration = {
  name: 'forums/0002-statement-time',
  async up(tx) {
    await sql`alter table view.forums_statement add column at bigint`.execute(tx)
  },
}
