import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const recoveryPlanned: Migration = {
  name: 'recovery/0004-planned',
  async up(tx) {
    await sql`create table home.recovery_planned (
      service text primary key references home.recovery_service (id), run text not null, item text not null,
      unique (run, item))`.execute(tx)
  },
}
