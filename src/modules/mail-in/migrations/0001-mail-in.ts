import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

export const mailInTables: Migration = {
  name: 'mail-in/0001-mail-in',
  async up(tx) {
    await sql`
      create table home.mail_in_report (
        id text primary key, ordinal integer not null generated always as identity, digest text not null unique,
        sha256 text not null, size integer not null, raw bytea not null, received_at bigint not null,
        copies integer not null, message_id text not null, from_says text not null, to_says text not null,
        date_says text not null, subject text not null, words text not null, words_cut boolean not null,
        from_html boolean not null, automatic boolean not null, server_says text not null, trouble text,
        state text not null, incident text, settled_by text, settled_at bigint, why text);
      create index mail_in_report_state on home.mail_in_report (state, ordinal);
      create table home.mail_in_file (
        report text not null references home.mail_in_report (id) on delete cascade, place integer not null,
        name text not null, media text not null, bytes bytea not null, primary key (report, place));`.execute(tx)
  },
}
