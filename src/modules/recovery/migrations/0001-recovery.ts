import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const recoveryTables: Migration = {
  name: 'recovery/0001-recovery',
  async up(tx) {
    await sql`
      create table home.recovery_service (
        ordinal integer not null generated always as identity, id text primary key, service text not null,
        incident text not null references home.incidents_incident (id), content jsonb not null, tlp text not null,
        why text not null, by_person text not null, at bigint not null);
      create index recovery_service_of on home.recovery_service (incident, service, ordinal);
      create table home.recovery_report (
        ordinal integer not null generated always as identity, id text primary key, service text not null,
        incident text not null references home.incidents_incident (id), content jsonb not null, tlp text not null,
        by_person text not null, told_at bigint not null, at bigint not null);
      create index recovery_report_of on home.recovery_report (incident, service, ordinal);
    `.execute(tx)
  },
}
