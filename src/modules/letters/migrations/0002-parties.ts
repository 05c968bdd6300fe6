import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const partiesWithoutNode: Migration = {
  name: 'letters/0002-parties',
  async up(tx) {
    await sql`
      create table home.letters_party (
        number bigint generated always as identity primary key, id text not null unique, party text not null,
        space text not null, names jsonb not null, email text, language text not null, noted_by text not null,
        noted_by_name text not null, noted_at bigint not null);
      create index letters_party_newest on home.letters_party (party, number desc);
      create table home.letters_dispatch (
        id text primary key, act text not null, way text not null, state text not null, address text,
        handed_by text, handed_to text, on_date text, sheet_hash text, attempts integer not null,
        last_error text, noted_by text not null, noted_by_name text not null, noted_at bigint not null,
        changed_at bigint not null);
      create unique index letters_dispatch_mail_once on home.letters_dispatch (act)
        where way = 'mail' and state in ('queued', 'sending', 'sent', 'unsure');
      create index letters_dispatch_of on home.letters_dispatch (act, noted_at);
      create table home.letters_word (
        number bigint generated always as identity primary key, id text not null unique, act text not null,
        kind text not null, on_date text not null, who text, their_ref text, words text, noted_by text not null,
        noted_by_name text not null, noted_at bigint not null);
      create index letters_word_of on home.letters_word (act, number);
      create table home.letters_invitation (
        id text primary key, act text not null, official text not null, address text not null,
        language text not null, token_hash bytea not null unique, code_hash bytea not null, tries integer not null,
        expires_at bigint not null, mail_state text not null, mail_error text, withdrawn_at bigint, read_at bigint,
        acknowledged_at bigint, vouched_by text not null, vouched_by_name text not null, invited_at bigint not null);
      create index letters_invitation_of on home.letters_invitation (act, invited_at);
    `.execute(tx)
  },
}
