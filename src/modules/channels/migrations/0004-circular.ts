import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const circularTable: Migration = {
  name: 'channels/0004-circular',
  async up(tx) {
    await sql`
      create table home.channels_circular (
        id text primary key, subject text not null, letters jsonb not null, made_by text not null,
        made_at bigint not null);
    `.execute(tx)
  },
}
