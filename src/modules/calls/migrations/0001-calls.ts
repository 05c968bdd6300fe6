import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const callTable: Migration = {
  name: 'calls/0001-calls',
  async up(tx) {
    await sql`
      create table view.calls_call (
        space text not null, hash text not null, idx bigint not null, author text not null, about text not null,
        caller text not null, called text not null, at bigint not null, code text not null, ended text not null,
        answered_by text, answer text, answered_at bigint, primary key (space, hash));
      create index on view.calls_call (about);
      -- Offices that were opened before calls could be logged: who is on duty there may log them as well.
      insert into home.power (office, role, subject, verb, second_person)
        select distinct office, role, 'calls.*', 'send', false from home.power where role = 'duty-officer'
        on conflict do nothing;
    `.execute(tx)
  },
}
