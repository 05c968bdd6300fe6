import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** What is counted once when a batch was read; batches read before it are counted when they are first asked about. */
export const publishedIncidentsFigures: Migration = {
  name: 'published-incidents/0002-figures',
  async up(tx) {
    await sql`
      create table home.published_incidents_figures (
        batch text primary key references home.published_incidents_batch (id), method text not null,
        figures jsonb not null);
      create table home.published_incidents_own (
        batch text not null references home.published_incidents_batch (id), ref text not null, own_id text not null,
        primary key (batch, ref));
      create index published_incidents_own_id on home.published_incidents_own (own_id);`.execute(tx)
  },
}
