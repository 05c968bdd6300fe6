import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** Revocations and recoveries that one administrator asked for and another has to agree to. */
export const keyRequests: Migration = {
  name: 'keys/0001-requests',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`
      create table home.key_request (
        id text primary key,
        kind text not null,
        reason text not null,
        others jsonb not null,
        asked_by text not null,
        asked_at bigint not null,
        agreed_by text,
        agreed_at bigint,
        ended_as text,
        ended_by text,
        ended_at bigint
      )`.execute(tx)
  },
}
