import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

export const offRecordTables: Migration = {
  name: 'off-record/0001-rooms',
  async up(tx) {
    await sql`
      create table home.off_record_room (
        room text primary key, space text not null, opener text not null, opened_at bigint not null,
        keep_ms bigint not null, until bigint not null, closed_at bigint, own text not null, invited integer not null,
        first_hour integer not null default 0, forgotten_at bigint);
      create table home.off_record_party (
        room text not null, party text not null, act text not null, key text not null, keyed_at bigint,
        tries integer not null default 0, next_try bigint not null default 0, primary key (room, party));
      create table home.off_record_words (
        room text not null, id text not null, hour integer not null, ours boolean not null, nonce text not null,
        box text not null, stored_at bigint not null, primary key (room, id));
      create table home.off_record_delivery (
        room text not null, id text not null, party text not null, tries integer not null default 0,
        next_try bigint not null default 0, primary key (room, id, party));
      create table home.off_record_look (
        room text not null, person text not null, at bigint not null, primary key (room, person));
    `.execute(tx)
  },
}
