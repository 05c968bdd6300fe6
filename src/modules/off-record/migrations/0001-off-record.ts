import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const offRecordRooms: Migration = {
  name: 'off-record-rooms/0001-rooms',
  async up(tx) {
    await sql`
      create table view.off_record_room (
        space text not null, hash text not null, idx bigint not null, id text not null, opener text not null,
        key text not null, with_parties jsonb not null, keep_ms bigint not null, until bigint not null,
        opened_at bigint not null, closed_at bigint, closed_by text, primary key (space, hash));
      create table view.off_record_join (
        space text not null, room text not null, party text not null, hash text not null, key text not null,
        at bigint not null, primary key (space, room, party));
      create table home.off_record_rule (
        number bigint generated always as identity primary key, id text not null unique, allowed boolean not null,
        words text not null, set_by text not null, set_by_name text not null, set_at bigint not null);
    `.execute(tx)
  },
}
