import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

/** Which acts want a legal clearance, and what was said of each draft. */
export const legalTables: Migration = {
  name: 'clearance/0003-legal',
  async up(tx) {
    await sql`
      create table home.clearance_rule (
        number bigint generated always as identity primary key, id text not null unique, type text not null,
        form text, from_day text not null, until_day text, set_by_name text not null, set_at bigint not null,
        ended_by_name text, ended_at bigint)`.execute(tx)
    await sql`
      create table home.draft_clearance (
        number bigint generated always as identity primary key, id text not null unique, draft text not null,
        approval text not null, decision text not null check (decision in ('cleared', 'remarks', 'refused')),
        words text, person text not null, person_name text not null, office text not null, at bigint not null)`.execute(
      tx,
    )
    await sql`create index draft_clearance_of on home.draft_clearance (draft, number)`.execute(tx)
  },
}
