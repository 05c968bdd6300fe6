import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const directoryRules: Migration = {
  name: 'directory/0005-rules',
  async up(tx) {
    await sql`
      create table view.directory_announced (
        space text not null, party text not null, contact text not null, idx bigint not null, hash text not null,
        in_force_at bigint not null, removal boolean not null,
        kind text not null, zone text not null, languages jsonb not null, hours text not null, week jsonb, entry text,
        valid_from text, valid_until text, primary key (space, party, contact, idx));
      create table view.directory_confirmation (
        space text not null, party text not null, contact text not null, nomination text not null,
        hash text not null, idx bigint not null, at bigint not null, primary key (space, party, contact));
    `.execute(tx)
  },
}
