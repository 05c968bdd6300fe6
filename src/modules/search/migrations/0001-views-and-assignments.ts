import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

export const searchRecords: Migration = {
  name: 'search-records/0001-views-and-assignments',
  async up(tx) {
    await sql`
      create table home.search_view (
        id text primary key, person text, office text, name text not null, query text not null,
        saved_by text not null, saved_at bigint not null, check ((person is null) <> (office is null)))`.execute(tx)
    await sql`create index search_view_person on home.search_view (person)`.execute(tx)
    await sql`create index search_view_office on home.search_view (office)`.execute(tx)
    await sql`
      create table home.search_assignment (
        id text primary key, act text not null, space text not null, person text, office text, note text not null,
        assigned_by text not null, assigned_at bigint not null, ended_at bigint,
        check (person is null or office is null))`.execute(tx)
    await sql`
      create unique index search_assignment_open on home.search_assignment (act) where ended_at is null`.execute(tx)
    await sql`
      create index search_assignment_person on home.search_assignment (person) where ended_at is null`.execute(tx)
    await sql`
      create index search_assignment_office on home.search_assignment (office) where ended_at is null`.execute(tx)
  },
}
