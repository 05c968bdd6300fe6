import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Comments of the house on its drafts; they go with the draft. */
export const commentTable: Migration = {
  name: 'clearance/0002-comments',
  async up(tx) {
    await sql`
      create table home.draft_comment (
        number bigint generated always as identity primary key, id text not null unique, draft text not null,
        paragraph text, excerpt text, answers text references home.draft_comment (id) on delete cascade,
        words text not null, person text not null, person_name text not null, at bigint not null,
        settled_by_name text, settled_at bigint)`.execute(tx)
    await sql`create index draft_comment_of on home.draft_comment (draft, number)`.execute(tx)
  },
}
