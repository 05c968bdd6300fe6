import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

export const originatorTables: Migration = {
  name: 'originator/0001-originator',
  async up(tx) {
    await sql`
      create table view.originator_request (
        space text not null, request text not null, idx bigint not null, author text not null, act text not null,
        originator text not null, use text not null, to_parties text[] not null, requested_at bigint not null,
        answer text, answered_by text, answered_at bigint, conditions boolean not null, until text,
        withdrawn_by text, withdrawn_at bigint, primary key (space, request)
      )`.execute(tx)
    await sql`create index originator_request_act on view.originator_request (act)`.execute(tx)
    await sql`create index originator_request_open on view.originator_request (originator) where answer is null`.execute(
      tx,
    )
    await sql`
      create table view.originator_forward (
        space text not null, hash text not null, idx bigint not null, author text not null, origin text not null,
        at bigint not null, primary key (space, hash)
      )`.execute(tx)
    await sql`create index originator_forward_origin on view.originator_forward (origin)`.execute(tx)
  },
}
