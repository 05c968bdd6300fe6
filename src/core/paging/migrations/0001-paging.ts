import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'
import '../tables.ts'

export const pagingTables: Migration = {
  name: 'paging/0001-paging',
  async up(tx) {
    await sql`
      create table home.paging_rule (
        one boolean primary key default true check (one), hook_url text, hook_secret text, push boolean not null,
        vapid_private text, vapid_public text, sms_after_ms bigint not null, voice_after_ms bigint not null);
      create table home.paging_number (person text primary key, telephone text not null, set_at bigint not null);
      create table home.paging_device (
        id text primary key, person text not null, label text not null, endpoint text not null unique,
        p256dh text not null, auth text not null, added_at bigint not null, gone_at bigint);
      create table home.paging_try (
        id text primary key, notice text not null references home.notice, person text not null, step text not null,
        device text not null, state text not null, attempts integer not null, result text, begun_at bigint not null,
        last_at bigint, unique (notice, step, device));
      create index notice_pages on home.notice (at) where urgency = 'page';
    `.execute(tx)
  },
}
