import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Packages for archives: who asked and confirmed, what leaves, the bytes until the receipt, and the receipt. */
export const transferTables: Migration = {
  name: 'channels/0011-transfers',
  async up(tx) {
    await sql`
      create table home.archive_transfer (
        id text primary key, code text not null, from_day text, to_day text, archive text not null,
        ceiling text not null, language text not null, state text not null, fingerprint text not null,
        total integer not null, done integer not null, why text,
        proposed_by text not null, proposed_by_name text not null, proposed_at bigint not null,
        confirmed_by_name text, confirmed_at bigint, run text, sha256 text, size bigint, made_at bigint,
        receipt text, received_on text, received_by_name text, received_at bigint);
      create table home.archive_document (
        transfer text not null references home.archive_transfer (id), act text not null, place integer not null,
        facts jsonb not null, primary key (transfer, act));
      create index archive_document_act on home.archive_document (act);
      create table home.archive_piece (
        run text not null, number integer not null, bytes bytea not null, primary key (run, number));
    `.execute(tx)
  },
}
