import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const attributionTables: Migration = {
  name: 'attributions/0001-attributions',
  async up(tx) {
    await sql`
      create table home.attributions_claim (
        ordinal integer not null generated always as identity, id text primary key, claim text not null,
        incident text not null references home.incidents_incident (id), content jsonb not null, tlp text not null,
        why text not null, by_person text not null, at bigint not null);
      create index attributions_claim_of on home.attributions_claim (incident, claim, ordinal);
      create table home.attributions_dispute (
        ordinal integer not null generated always as identity, id text primary key, claim text not null,
        disputed_by text not null, day text not null, words text not null, by_person text not null,
        at bigint not null);
      create index attributions_dispute_of on home.attributions_dispute (claim, ordinal);
      create table home.attributions_decision (
        id text primary key, incident text not null references home.incidents_incident (id), number integer not null,
        choice text not null, accused text not null, why text not null, dissent text not null, basis jsonb not null,
        decided_on text not null, decided_by text not null, review_on text, by_person text not null,
        at bigint not null, unique (incident, number));
      create table home.attributions_look (
        ordinal integer not null generated always as identity, id text primary key,
        decision text not null references home.attributions_decision (id), state text not null, why text not null,
        by_person text not null, at bigint not null);
      create index attributions_look_of on home.attributions_look (decision, ordinal);
      create table home.attributions_statement (
        id text primary key, incident text not null references home.incidents_incident (id),
        decision text not null references home.attributions_decision (id), level text not null,
        number integer, year integer, tlp text not null, language text not null, subject text not null,
        text text not null, evidence jsonb not null, left_out integer not null, hash text not null,
        corrects text references home.attributions_statement (id),
        proposed_by text not null, proposed_at bigint not null, released_by text, released_at bigint,
        returned_by text, returned_at bigint, returned_why text,
        withdrawn_by text, withdrawn_at bigint, withdrawn_why text, unique (year, number));
      create index attributions_statement_of on home.attributions_statement (incident, proposed_at);
    `.execute(tx)
  },
}
