import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsAlike: Migration = {
  name: 'incidents/0007-alike',
  async up(tx) {
    await sql`
      create table home.incidents_alike (
        ordinal integer not null generated always as identity, id text primary key,
        incident text not null references home.incidents_incident (id),
        other text not null references home.incidents_incident (id), word text not null, by_person text not null,
        at bigint not null);
      create index incidents_alike_of on home.incidents_alike (incident, other);
      create index incidents_alike_other on home.incidents_alike (other);
      create index incidents_object_value on home.incidents_object (type, lower(name)) where name <> '';
      create index incidents_particular_words on home.incidents_particular (kind, md5(lower(value->>'words')))
        where ended_at is null and kind in ('victim', 'technique');`.execute(tx)
  },
}
