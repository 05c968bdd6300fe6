import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

export const attachments: Migration = {
  name: 'attachments/0001-attachments',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`
      create table home.attachment (
        id text primary key,
        draft text not null,
        person text not null,
        name text not null,
        title text not null,
        marking jsonb not null,
        size bigint not null,
        fingerprint text not null,
        state text not null check (state in ('receiving', 'found', 'refused', 'ready')),
        format text,
        media text,
        findings jsonb not null,
        hash text,
        commitment text,
        signed boolean not null default false,
        place bigint generated always as identity,
        touched_at bigint not null
      )`.execute(tx)
    await sql`create index attachment_draft on home.attachment (draft, place)`.execute(tx)
    await sql`create index attachment_person on home.attachment (person) where not signed`.execute(tx)
  },
}
