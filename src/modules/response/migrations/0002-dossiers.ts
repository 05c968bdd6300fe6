import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const dossierTable: Migration = {
  name: 'response/0002-dossiers',
  async up(tx) {
    await sql`
      create table home.response_dossier (
        ordinal integer not null generated always as identity,
        id text primary key, dossier text not null, incident text not null references home.incidents_incident (id),
        number integer not null, regime text not null, subject text not null, kind text not null, tlp text not null,
        content jsonb not null, by_person text not null, at bigint not null);
      create index response_dossier_of on home.response_dossier (incident, number, ordinal);
    `.execute(tx)
  },
}
