import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

export const clearanceTables: Migration = {
  name: 'clearance/0001-clearance',
  async up(tx) {
    await sql`
      create table view.clearance_emergency (
        space text not null, act text not null, author text not null, declared text not null, idx bigint not null,
        at bigint not null, due_at bigint not null, outcome text, outcome_by text, outcome_at bigint,
        primary key (space, act, author)
      )`.execute(tx)
    await sql`create index clearance_emergency_act on view.clearance_emergency (act)`.execute(tx)
    await sql`create index clearance_emergency_open on view.clearance_emergency (author) where outcome is null`.execute(
      tx,
    )
  },
}
