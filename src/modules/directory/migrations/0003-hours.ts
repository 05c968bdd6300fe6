import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const directoryHours: Migration = {
  name: 'directory/0003-hours',
  async up(tx) {
    // Entries from before say nothing of these: null is what they project to.
    await sql`
      alter table view.directory_contact
        add column week jsonb, add column entry text, add column valid_from text, add column valid_until text;
      create table view.directory_calendar (
        space text not null, party text not null, hash text not null, idx bigint not null, days jsonb not null,
        primary key (space, party));
    `.execute(tx)
  },
}
