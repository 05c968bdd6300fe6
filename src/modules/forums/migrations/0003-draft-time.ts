import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Scenario time of a draft and of a decision. Of those from before it stays null: then their leaf time is told. */
export const draftTime: Migration = {
  name: 'forums/0003-draft-time',
  async up(tx) {
    await sql`alter table view.forums_draft add column at bigint`.execute(tx)
    await sql`alter table view.forums_seeking add column declared_at bigint`.execute(tx)
  },
}
