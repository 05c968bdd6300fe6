import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'

export const admissionTables: Migration = {
  name: 'spaces/0002-admissions',
  async up(tx) {
    await sql`
      create table view.spaces_admission (
        space text not null, proposal text not null, idx bigint not null, author text not null, party text not null,
        role text not null, ends_at bigint not null, vetoed_by text, vetoed_act text, vetoed_at bigint,
        primary key (space, proposal))`.execute(tx)
  },
}
