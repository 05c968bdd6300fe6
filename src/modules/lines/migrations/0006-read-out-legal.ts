import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../read-outs/tables.ts'

/** A read-out is cleared by a second person and, where that is asked for, by a legal adviser. */
export const readOutLegal: Migration = {
  name: 'lines/0006-read-out-legal',
  async up(tx) {
    await sql`
      alter table home.lines_read_out_clearance
        add column stage text not null default 'second',
        drop constraint lines_read_out_clearance_pkey,
        add primary key (read_out, stage);
      create table home.lines_read_out_legal (
        act text primary key, why text not null, by_person text not null, at bigint not null);
    `.execute(tx)
  },
}
