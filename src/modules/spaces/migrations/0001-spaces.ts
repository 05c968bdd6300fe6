import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

export const spacesTables: Migration = {
  name: 'spaces/0001-spaces',
  async up(tx) {
    await sql`
      create table view.spaces_disclosure (
        space text not null, request text not null, idx bigint not null, author text not null, purpose text not null,
        audience text not null, requested_at bigint not null, primary key (space, request))`.execute(tx)
    await sql`
      create table view.spaces_disclosure_act (
        space text not null, request text not null, act text not null, primary key (space, request, act))`.execute(tx)
    await sql`create index spaces_disclosure_act_act on view.spaces_disclosure_act (act)`.execute(tx)
    await sql`
      create table view.spaces_disclosure_answer (
        space text not null, request text not null, party text not null, answer text not null, hash text not null,
        answered_at bigint not null, primary key (space, request, party))`.execute(tx)
    await sql`
      create table home.read_mark (
        person text not null, space text not null, idx bigint not null, primary key (person, space))`.execute(tx)
  },
}
