import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** How far set-up has come, and tests of paging the duty desk. */
export const setUp: Migration = {
  name: 'entrance/0001-set-up',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`create table home.set_up (key text primary key, value jsonb not null)`.execute(tx)
    await sql`
      create table home.page_test (
        id text primary key,
        person text not null,
        sent_at bigint not null,
        acknowledged_at bigint
      )`.execute(tx)
  },
}
