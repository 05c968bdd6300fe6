import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const channelsTables: Migration = {
  name: 'channels/0001-channels',
  async up(tx) {
    await sql`
      create table view.channels_note (
        space text not null, hash text not null, idx bigint not null, author text not null, form text not null,
        number text not null, your_ref text, purpose text not null, addressee text not null,
        in_reply_to text, reply_kind text, sent_at bigint not null,
        acknowledged_by text, acknowledged_office text, acknowledged_at bigint,
        answered_by text, answered_at bigint,
        primary key (space, hash));
      create index channels_note_addressee on view.channels_note (addressee, acknowledged_by);
      create table view.channels_minutes (
        space text not null, hash text not null, idx bigint not null, author text not null,
        on_date text not null, zone text not null, primary key (space, hash));
      create table view.channels_minutes_confirmation (
        space text not null, minutes text not null, party text not null, hash text not null, at bigint not null,
        primary key (space, minutes, party));
      create table view.channels_check (
        space text not null, hash text not null, idx bigint not null, author text not null, called_at bigint not null,
        answered_by text, answered_party text, answered_at bigint, primary key (space, hash));
      create table view.channels_offer (
        space text not null, hash text not null, idx bigint not null, author text not null, kind text not null,
        accepted_by text, accepted_party text, accepted_at bigint, primary key (space, hash));
      create table home.channels_number (
        year integer not null, number integer not null, draft text not null unique, primary key (year, number));
    `.execute(tx)
  },
}
