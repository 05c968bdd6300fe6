import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

export const refusals: Migration = {
  name: 'federation/0002-refusals',
  async up(tx) {
    await sql`alter table home.outbox add column refusal jsonb`.execute(tx)
    await sql`create index outbox_refusal on home.outbox (space) where refusal is not null`.execute(tx)
  },
}
