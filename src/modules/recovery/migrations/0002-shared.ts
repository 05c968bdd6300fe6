import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** Pictures of recovery shared between parties, and which services at home a draft of one tells of. */
export const recoveryShared: Migration = {
  name: 'recovery/0002-shared',
  async up(tx) {
    await sql`
      create table view.recovery_picture (
        space text not null, picture text not null, author text not null, newest text not null, as_of bigint not null,
        at bigint not null, ended_at bigint, primary key (space, picture));
      create table view.recovery_told (
        space text not null, picture text not null, key text not null, place integer not null, state text,
        out_from bigint, out_until bigint, since_from bigint, since_until bigint, back_from bigint, back_until bigint,
        expected bigint, not_before bigint, needs text[] not null, primary key (space, picture, key));
      create table home.recovery_shared (
        draft text primary key, incident text not null references home.incidents_incident (id), space text not null,
        services text[] not null, by_person text not null, at bigint not null);
      create index recovery_shared_of on home.recovery_shared (incident, at);
    `.execute(tx)
  },
}
