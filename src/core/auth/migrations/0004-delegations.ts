import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Who acts for an office or for a person of it, from when to when, by which instrument. */
export const delegations: Migration = {
  name: 'auth/0004-delegations',
  async up(tx) {
    await sql`
      create table home.delegation (
        number bigint generated always as identity primary key,
        id text not null unique,
        delegate text not null references home.person (id),
        office text not null references home.office (id),
        principal text references home.person (id),
        capacity text not null check (capacity in ('for', 'ad-interim')),
        styles jsonb not null,
        instrument text not null,
        from_at bigint not null,
        until_at bigint not null check (until_at > from_at),
        granted_by text not null,
        granted_by_name text not null,
        granted_at bigint not null,
        revoked_by_name text,
        revoked_at bigint
      )`.execute(tx)
    await sql`create index delegation_delegate on home.delegation (delegate, until_at)`.execute(tx)
    await sql`
      insert into home.power (office, role, subject, verb, second_person)
      select id, 'head-of-office', 'delegations', 'manage', false from home.office
      on conflict do nothing`.execute(tx)
  },
}
