import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Notices in the house, and the mail that points at them. */
export const notices: Migration = {
  name: 'notify/0001-notices',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`
      create table home.notice (
        id text primary key,
        key text not null,
        person text not null,
        message text not null,
        facts jsonb not null,
        link text not null,
        urgency text not null check (urgency in ('page', 'normal')),
        drill text,
        at bigint not null,
        read_at bigint,
        unique (person, key)
      )`.execute(tx)
    await sql`create index notice_unread on home.notice (person, at) where read_at is null`.execute(tx)
    await sql`
      create table home.mail (
        id text primary key,
        notice text not null references home.notice,
        person text not null,
        state text not null,
        attempts integer not null,
        last_error text,
        sent_at bigint,
        went_to text,
        queued_at bigint not null
      )`.execute(tx)
    await sql`create index mail_queued_at on home.mail (queued_at)`.execute(tx)
  },
}
