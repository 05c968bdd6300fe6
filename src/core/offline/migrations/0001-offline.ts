import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'
import '../tables.ts'

export const offlineTable: Migration = {
  name: 'offline/0001-offline',
  async up(tx) {
    await sql`
      create table home.offline_device (
        id text primary key, person text not null, label text not null, on_at bigint not null,
        seen_at bigint not null, off_at bigint);
      create index offline_device_of on home.offline_device (person) where off_at is null;
    `.execute(tx)
  },
}
