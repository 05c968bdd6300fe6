import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsTables: Migration = {
  name: 'incidents/0001-incidents',
  async up(tx) {
    await sql`
      create table home.incidents_incident (
        id text primary key, year integer not null, number integer not null, code_name text not null unique,
        title text not null, summary text not null, category text not null, drill boolean not null,
        ceiling text not null, marking text not null, state text not null, severity jsonb, source jsonb not null,
        opened_by text not null, office text not null, opened_at bigint not null, touched_at bigint not null,
        unique (year, number));
      create table home.incidents_object (
        incident text not null references home.incidents_incident (id), ordinal integer not null,
        stix_id text not null, version text not null, type text not null, name text not null, tlp text not null,
        marked_by text not null, mentions text[] not null, ends text[] not null, text text not null,
        primary key (incident, stix_id, version));
      create table home.incidents_fact (
        id text primary key, incident text not null references home.incidents_incident (id), state text not null,
        words text not null, by_person text not null, since bigint not null, ended_at bigint, replaces text, act text);
      create index incidents_fact_of on home.incidents_fact (incident);
      create table home.incidents_entry (
        id text primary key, incident text not null references home.incidents_incident (id), at bigint not null,
        written_at bigint not null, by_person text not null, kind text not null, words text, facts jsonb not null);
      create index incidents_entry_of on home.incidents_entry (incident, at);
      create table home.incidents_bottom_line (
        id text primary key, incident text not null references home.incidents_incident (id), first text not null,
        second text not null, third text not null, by_person text not null, at bigint not null);
      create index incidents_bottom_line_of on home.incidents_bottom_line (incident, at);
      create table home.incidents_hypothesis (
        id text primary key, incident text not null references home.incidents_incident (id), number integer not null,
        words text not null, by_person text not null, at bigint not null, unique (incident, number));
      create table home.incidents_evidence (
        id text primary key, incident text not null references home.incidents_incident (id), number integer not null,
        words text not null, source text not null, reliability text not null, credibility text not null,
        stix_id text, tlp text not null, by_person text not null, at bigint not null, withdrawn_at bigint,
        unique (incident, number));
      create table home.incidents_mark (
        evidence text not null references home.incidents_evidence (id),
        hypothesis text not null references home.incidents_hypothesis (id),
        consistency text not null, by_person text not null, at bigint not null,
        primary key (evidence, hypothesis));
      create table home.incidents_assessment (
        id text primary key, incident text not null references home.incidents_incident (id), number integer not null,
        hypothesis text not null references home.incidents_hypothesis (id), scheme text not null, word text not null,
        confidence text not null, why text not null, ranking jsonb not null, by_person text not null,
        at bigint not null, unique (incident, number));
      create table home.incidents_link (
        incident text not null references home.incidents_incident (id), space text not null,
        by_person text not null, at bigint not null, primary key (incident, space));
      create index incidents_link_space on home.incidents_link (space);
      create table home.incidents_taken_up (
        act text primary key, incident text not null references home.incidents_incident (id), fact text not null,
        by_person text not null, at bigint not null);
      create table view.incidents_contest (
        space text not null, hash text not null, idx bigint not null, author text not null, about text not null,
        about_author text not null, ground text not null, at bigint not null, primary key (space, hash));
      create table view.incidents_preservation (
        space text not null, hash text not null, idx bigint not null, author text not null, addressee text not null,
        deletion_date text not null, keep_until text not null, source text not null, asked_at bigint not null,
        confirmed_by text, confirmed_at bigint, kept_until text, primary key (space, hash));
    `.execute(tx)
  },
}
