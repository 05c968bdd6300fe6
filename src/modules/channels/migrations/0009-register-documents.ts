import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/**
 * What never changes of the acts in the register, kept by their hashes: no projection takes it away, and a page of it
 * is read along an index. What came before the stamp was kept is read in as well and still gets none.
 */
export const registerDocuments: Migration = {
  name: 'channels/0009-register-documents',
  async up(tx) {
    await sql`
      create table home.register_marking (key text primary key, marking jsonb not null);
      create table home.register_document (
        act text primary key, space text not null, idx bigint not null, kind text not null, author text not null,
        addressees text[], number text, your_ref text, at bigint not null,
        marking text not null references home.register_marking (key));
      create index register_document_newest on home.register_document (at desc, space, idx desc);
      create index register_document_kind on home.register_document (kind, at desc, space, idx desc);
      create index register_document_space on home.register_document (space);
      create index register_document_number on home.register_document (number);
      create index register_document_your_ref on home.register_document (your_ref);
      create table home.register_party (
        party text not null, marking text not null references home.register_marking (key),
        primary key (party, marking));
      alter table home.register_cursor
        add column stamped_from bigint not null default 0, add column left_behind bigint not null default 0;
      update home.register_cursor set stamped_from = size, size = 0;
    `.execute(tx)
  },
}
