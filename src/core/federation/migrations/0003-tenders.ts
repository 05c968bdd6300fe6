import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

export const tenders: Migration = {
  name: 'federation/0003-tenders',
  async up(tx) {
    await sql`
      create table home.tendered (
        hash text primary key,
        space text not null,
        author text not null,
        statement jsonb not null,
        envelope jsonb not null,
        size_bytes bigint not null,
        from_party text not null,
        since bigint not null,
        place bigint generated always as identity,
        state text not null check (state in ('held', 'on-record', 'refused')),
        rule text,
        detail text,
        refusal jsonb
      )`.execute(tx)
    await sql`create index tendered_held on home.tendered (space, place) where state = 'held'`.execute(tx)
    await sql`
      create table home.tender_receipt (
        act text not null,
        party text not null,
        at bigint not null,
        receipt jsonb not null,
        primary key (act, party)
      )`.execute(tx)
    await sql`
      create table home.anchor (
        act text primary key,
        space text not null,
        anchored_by text not null,
        at bigint not null
      )`.execute(tx)
  },
}
