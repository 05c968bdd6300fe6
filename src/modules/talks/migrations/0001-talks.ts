import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const talksTables: Migration = {
  name: 'talks/0001-talks',
  async up(tx) {
    await sql`
      create table view.talks_meeting (
        space text not null, hash text not null, idx bigint not null, meeting text not null, author text not null,
        with_parties jsonb not null, options jsonb not null, zone text not null, sequence integer not null,
        replaced_by text, chosen integer, cancelled_by text, cancelled_party text, changed_at bigint not null,
        primary key (space, hash));
      create table view.talks_confirmation (
        space text not null, proposal text not null, party text not null, option integer not null, hash text not null,
        at bigint not null, primary key (space, proposal, party));
      create table view.talks_said (
        space text not null, hash text not null, idx bigint not null, proposal text not null, kind text not null,
        author text not null, at bigint not null, primary key (space, hash));
      create table home.talks_read_out (
        id text primary key, proposal text not null, words text not null, person text not null, at bigint not null);
    `.execute(tx)
  },
}
