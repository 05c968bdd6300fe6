import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

export const peersAndOutbox: Migration = {
  name: 'federation/0001-peers-and-outbox',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`
      create table home.peer (
        party text primary key,
        url text not null,
        state text not null check (state in ('introduced', 'pinned')),
        register jsonb not null,
        names jsonb not null,
        introduced_at bigint not null,
        pinned_at bigint,
        pinned_by text,
        compared_by text,
        unreachable_since bigint
      )`.execute(tx)
    await sql`
      create table home.peer_key (
        kid text primary key,
        key text not null,
        party text not null references home.peer (party) on delete cascade
      )`.execute(tx)
    await sql`
      create table home.request (
        space text not null,
        party text not null references home.peer (party) on delete cascade,
        since bigint not null,
        primary key (party, space)
      )`.execute(tx)
    await sql`
      create table home.outbox (
        hash text primary key,
        space text not null,
        id text not null,
        statement jsonb not null,
        envelope jsonb not null,
        state text not null check (state in ('queued', 'on-record', 'refused')),
        place bigint generated always as identity,
        signed_at bigint not null,
        attempts integer not null default 0,
        last_error text,
        rule text,
        detail text,
        entry bigint,
        entry_time bigint,
        receipt jsonb,
        replaced_by text
      )`.execute(tx)
    // One act per intention: a replaced act gives its place to the one signed instead.
    await sql`create unique index outbox_intention on home.outbox (space, id) where replaced_by is null`.execute(tx)
    await sql`create index outbox_queued on home.outbox (space, place) where state = 'queued'`.execute(tx)
    await sql`
      create table home.upload (
        party text not null,
        space text not null,
        commitment text not null,
        size_bytes bigint not null,
        at bigint not null,
        primary key (party, space, commitment)
      )`.execute(tx)
  },
}
