import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

export const clocksTables: Migration = {
  name: 'clocks/0001-clocks',
  async up(tx) {
    await sql`
      create table view.clock (
        space text not null, id text not null, regime text not null, source text not null, duty text not null,
        started_by text not null, about text not null, item text not null, starts_at bigint not null,
        due_at bigint not null, met_by text, met_at bigint, cancelled_by text, lapsed_by text,
        primary key (space, id))`.execute(tx)
    await sql`create index clock_open on view.clock (duty, due_at) where met_by is null and cancelled_by is null`.execute(
      tx,
    )
    await sql`create index clock_about on view.clock (about)`.execute(tx)
    await sql`
      create table home.clock_step (
        clock text not null, step text not null, at bigint not null, primary key (clock, step))`.execute(tx)
  },
}
