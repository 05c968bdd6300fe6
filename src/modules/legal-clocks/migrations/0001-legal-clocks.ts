import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const legalClockTables: Migration = {
  name: 'legal-clocks/0001-legal-clocks',
  async up(tx) {
    await sql`
      create table home.legal_clocks_trigger (
        ordinal integer not null generated always as identity,
        id text primary key, matter text not null, incident text not null references home.incidents_incident (id),
        regime text not null, role text not null, entity text not null, authority text not null,
        aware_at bigint not null, precision text not null, zone text not null, who text not null, what text not null,
        reason text not null, withdrawn boolean not null, by_person text not null, at bigint not null);
      create index legal_clocks_trigger_of on home.legal_clocks_trigger (incident, ordinal);
      create table home.legal_clocks_draft (
        ordinal integer not null generated always as identity,
        id text primary key, matter text not null, term text not null, fields jsonb not null,
        by_person text not null, at bigint not null);
      create index legal_clocks_draft_of on home.legal_clocks_draft (matter, term);
      create table home.legal_clocks_sent (
        ordinal integer not null generated always as identity,
        id text primary key, matter text not null, term text not null, year integer not null, number integer not null,
        sent_at bigint not null, way text not null, sent_to text not null, sent_by text not null,
        their_reference text not null, fields jsonb not null, missing text[] not null,
        trigger text not null references home.legal_clocks_trigger (id), due_then bigint,
        by_person text not null, at bigint not null, unique (year, number));
      create index legal_clocks_sent_of on home.legal_clocks_sent (matter, term);
    `.execute(tx)
  },
}
