import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Copies for access requests: who asked, what is withheld on which ground, who decided, and the copy itself. */
export const accessCopyTable: Migration = {
  name: 'channels/0012-access-copies',
  async up(tx) {
    await sql`
      create table home.access_copy (
        id text primary key, act text not null, requester text not null, reference text not null,
        ceiling text not null, language text not null, choice jsonb not null, other_words text,
        grounds jsonb not null, is_shut boolean not null, state text not null, fingerprint text not null,
        proposed_by text not null, proposed_by_name text not null, proposed_at bigint not null,
        confirmed_by_name text, confirmed_at bigint, office text,
        sha256 text, text_sha256 text, sheet bytea, words bytea);
      create index access_copy_act on home.access_copy (act);
      create index access_copy_waiting on home.access_copy (proposed_at) where state = 'proposed';
    `.execute(tx)
  },
}
