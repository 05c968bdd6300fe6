import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Drafts with their attachments, what was submitted for release, and steps that may happen only once. */
export const drafts: Migration = {
  name: 'release/0001-drafts',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`
      create table home.draft (
        id text primary key,
        space text not null,
        type text not null,
        office text not null,
        body jsonb not null,
        text jsonb,
        marking jsonb not null,
        refs jsonb not null,
        after jsonb not null,
        form jsonb not null,
        state text not null check (state in ('drafting', 'awaiting-release', 'held', 'sent', 'discarded')),
        drafter text not null,
        hands jsonb not null,
        releaser text,
        approval text not null,
        hold_until bigint,
        act_hash text,
        returned_why text,
        updated_at bigint not null
      )`.execute(tx)
    await sql`create index draft_open on home.draft (state, updated_at) where state not in ('sent', 'discarded')`.execute(
      tx,
    )
    await sql`create index draft_drafter on home.draft (drafter, updated_at)`.execute(tx)
    await sql`
      create table home.draft_attachment (
        draft text not null references home.draft on delete cascade,
        position integer not null,
        name text not null,
        media text not null,
        hash text not null,
        size bigint not null,
        marking jsonb not null,
        content bytea not null,
        primary key (draft, position)
      )`.execute(tx)
    await sql`
      create table home.draft_version (
        draft text not null references home.draft on delete cascade,
        number integer not null,
        at bigint not null,
        person text not null,
        approval text not null,
        body jsonb not null,
        text jsonb,
        marking jsonb not null,
        attachments jsonb not null,
        primary key (draft, number)
      )`.execute(tx)
    await sql`create table home.intent (key text primary key, person text, at bigint not null)`.execute(tx)
  },
}
