import { sql } from 'kysely'
import type { Migration } from '../../storage/types.ts'

/** People, offices, powers, the ways to sign in, and the record of who did what. */
export const peopleAndSessions: Migration = {
  name: 'auth/0001-people-and-sessions',
  async up(tx) {
    await sql`create schema if not exists home`.execute(tx)
    await sql`
      create table home.person (
        id text primary key,
        name text not null,
        email text,
        language text not null,
        zone text not null,
        ceiling text not null,
        added_at bigint not null,
        ended_at bigint
      )`.execute(tx)
    await sql`create unique index person_email on home.person (lower(email)) where ended_at is null`.execute(tx)
    await sql`create index person_name on home.person (lower(name)) where ended_at is null`.execute(tx)
    await sql`
      create table home.office (
        id text primary key,
        names jsonb not null,
        position integer not null,
        closed_at bigint
      )`.execute(tx)
    await sql`
      create table home.membership (
        id text primary key,
        person text not null references home.person,
        office text not null references home.office,
        role text not null,
        from_at bigint not null,
        until_at bigint,
        acting boolean not null,
        set_by text not null
      )`.execute(tx)
    await sql`create index membership_person on home.membership (person)`.execute(tx)
    await sql`
      create table home.power (
        office text not null references home.office,
        role text not null,
        subject text not null,
        verb text not null,
        second_person boolean not null,
        primary key (office, role, subject, verb)
      )`.execute(tx)
    await sql`
      create table home.session (
        id text primary key,
        token_hash bytea not null unique,
        person text not null references home.person,
        office text,
        method text not null,
        opened_at bigint not null,
        seen_at bigint not null,
        expires_at bigint not null,
        closed_at bigint
      )`.execute(tx)
    await sql`create index session_person on home.session (person)`.execute(tx)
    await sql`
      create table home.credential (
        id text primary key,
        person text not null references home.person,
        label text not null,
        public_key bytea not null,
        counter bigint not null,
        transports jsonb not null,
        relying_party text not null,
        added_at bigint not null,
        used_at bigint,
        revoked_at bigint
      )`.execute(tx)
    await sql`
      create table home.challenge (
        id text primary key,
        challenge text not null,
        person text,
        expires_at bigint not null
      )`.execute(tx)
    await sql`
      create table home.one_time_secret (
        person text primary key references home.person,
        secret text not null,
        begun_at bigint not null,
        confirmed_at bigint,
        last_step bigint not null
      )`.execute(tx)
    await sql`
      create table home.sign_in_limit (
        bucket text primary key,
        window_start bigint not null,
        attempts integer not null
      )`.execute(tx)
    await sql`
      create table home.sign_in_link (
        id text primary key,
        token_hash bytea not null unique,
        person text not null references home.person,
        purpose text not null,
        issued_by text not null,
        issued_at bigint not null,
        expires_at bigint not null,
        used_at bigint,
        revoked_at bigint
      )`.execute(tx)
    await sql`
      create table home.recovery (
        id text primary key,
        person text not null references home.person,
        reason text not null,
        asked_by text not null,
        asked_at bigint not null,
        approved_by text check (approved_by <> asked_by),
        approved_at bigint,
        refused_by text,
        refused_at bigint,
        link text
      )`.execute(tx)
    await sql`
      create table home.audit (
        number bigint generated always as identity primary key,
        at bigint not null,
        person text,
        what text not null,
        about text,
        facts jsonb not null
      )`.execute(tx)
    await sql`
      create function home.refuse_change() returns trigger language plpgsql as
      $$ begin raise exception 'home.audit is append-only'; end $$`.execute(tx)
    await sql`
      create trigger audit_is_append_only before update or delete or truncate on home.audit
      for each statement execute function home.refuse_change()`.execute(tx)
    await sql`create table home.house (key text primary key, value jsonb not null)`.execute(tx)
  },
}
