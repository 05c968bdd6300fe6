import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const attributionsBulletin: Migration = {
  name: 'attributions/0004-bulletin',
  async up(tx) {
    await sql`
      create table home.attributions_bulletin (drill text primary key, space text not null unique);
      create index attributions_said_statement on home.attributions_said (statement);
    `.execute(tx)
  },
}
