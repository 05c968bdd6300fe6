import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const briefLines: Migration = {
  name: 'brief/0001-lines',
  async up(tx) {
    await sql`
      create table home.brief_lines (
        id text primary key, incident text not null references home.incidents_incident (id), lines text[] not null,
        by_person text not null, at bigint not null,
        cleared_by text, cleared_at bigint, cleared_as text);
      create index brief_lines_of on home.brief_lines (incident, at);
    `.execute(tx)
  },
}
