import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const checksTables: Migration = {
  name: 'checks/0001-checks',
  async up(tx) {
    await sql`
      create table view.checks_announcement (
        space text not null, round text not null, hash text not null, idx bigint not null, author text not null,
        opens_at bigint not null, closes_at bigint not null, within text not null, primary key (space, round));
      create table view.checks_challenge (
        space text not null, hash text not null, idx bigint not null, author text not null, addressee text not null,
        round text not null, attempt text not null, contact text not null, within text not null,
        openings jsonb not null, sent_at bigint not null, due_at bigint not null,
        answered_by text, answered_at bigint, primary key (space, hash));
      create unique index checks_challenge_attempt on view.checks_challenge (space, author, round, attempt);
      create index checks_challenge_open on view.checks_challenge (addressee, answered_by);
      create table view.checks_result (
        space text not null, round text not null, hash text not null, idx bigint not null, author text not null,
        opens_at bigint not null, closes_at bigint not null, within text not null,
        asked integer, at_least integer, at_most integer, primary key (space, round));
      create table home.checks_campaign (
        id text primary key, network text not null, office text not null, started_by text not null,
        announced boolean not null, kind text, sample integer, within text not null, lasts text not null,
        cadence text, zone text not null, first_at bigint not null, ended_at bigint);
      create table home.checks_round (
        id text primary key, campaign text not null references home.checks_campaign, number integer not null,
        opens_at bigint not null, closes_at bigint not null, unique (campaign, number));
      create table home.checks_target (
        round text not null references home.checks_round, party text not null, channel text not null,
        first text, second text, deputy text, primary key (round, party));
    `.execute(tx)
  },
}
