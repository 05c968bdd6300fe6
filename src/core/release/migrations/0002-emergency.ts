import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Drafts that one person releases alone: who, why, and the act that says so once it is signed. */
export const emergencies: Migration = {
  name: 'release/0002-emergency',
  async up(tx) {
    await sql`
      create table home.emergency (
        draft text primary key, person text not null, reason text not null, at bigint not null,
        act text unique, declared text
      )`.execute(tx)
  },
}
