import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const hypothesisSteps: Migration = {
  name: 'incidents/0007-hypothesis-steps',
  async up(tx) {
    await sql`
      create table home.incidents_hypothesis_step (
        id text primary key, incident text not null references home.incidents_incident (id),
        hypothesis text not null references home.incidents_hypothesis (id), kind text not null,
        same_as text references home.incidents_hypothesis (id), why text not null, by_person text not null,
        at bigint not null, ordinal bigint generated always as identity);
      create index incidents_hypothesis_step_of on home.incidents_hypothesis_step (incident, ordinal);`.execute(tx)
  },
}
