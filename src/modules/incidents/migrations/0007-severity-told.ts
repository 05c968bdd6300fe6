import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Severities that others told, in their scale. */
export const incidentsSeverityTold: Migration = {
  name: 'incidents/0007-severity-told',
  async up(tx) {
    await sql`
      create table home.incidents_severity_told (
        id text primary key, incident text not null references home.incidents_incident (id), teller text not null,
        scale text not null, level text not null, source text not null, told_on text not null,
        by_person text not null, at bigint not null, ordinal bigint generated always as identity);
      create index incidents_severity_told_of on home.incidents_severity_told (incident, ordinal);`.execute(tx)
  },
}
