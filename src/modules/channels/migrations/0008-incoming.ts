import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** The stamp of the registry on what comes in. What came before it was kept has none. */
export const incomingTables: Migration = {
  name: 'channels/0008-incoming',
  async up(tx) {
    await sql`
      create table home.register_incoming (
        act text primary key, year integer not null, number integer not null, received_at bigint not null,
        unique (year, number))`.execute(tx)
    await sql`create table home.register_cursor (space text primary key, size bigint not null)`.execute(tx)
    await sql`insert into home.register_cursor (space, size) select space, size from view.cursor`.execute(tx)
  },
}
