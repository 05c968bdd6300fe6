import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsCarried: Migration = {
  name: 'incidents/0007-carried',
  async up(tx) {
    await sql`
      create table home.incidents_carried (
        draft text not null, incident text not null references home.incidents_incident (id), kind text not null,
        item text not null, space text not null, words text not null, by_person text not null, at bigint not null,
        primary key (draft, kind, item));
      create index incidents_carried_of on home.incidents_carried (incident, at);`.execute(tx)
  },
}
