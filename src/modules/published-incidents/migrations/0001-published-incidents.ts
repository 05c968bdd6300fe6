import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const publishedIncidentsTables: Migration = {
  name: 'published-incidents/0001-published-incidents',
  async up(tx) {
    await sql`
      create table home.published_incidents_batch (
        id text primary key, set_code text not null, name text not null, edition text not null, source text not null,
        licence text not null, state text not null, files jsonb not null, rows_all integer not null,
        rows_done integer not null, remarks integer not null, choices jsonb not null, by_person text not null,
        at bigint not null, stood_at bigint, ended_by text, ended_at bigint);
      create unique index published_incidents_standing on home.published_incidents_batch (set_code)
        where state = 'standing';
      create table home.published_incidents_file (
        batch text not null references home.published_incidents_batch (id),
        kind text not null, name text not null, text text not null, primary key (batch, kind));
      create table home.published_incidents_incident (
        batch text not null references home.published_incidents_batch (id), ref text not null, name text not null,
        started_on text, ended_on text, intensity real, types text[] not null, victims text[] not null,
        initiators text[] not null, categories text[] not null, facets text[] not null, digest text not null, primary key (batch, ref));
      create index published_incidents_incident_course
        on home.published_incidents_incident (batch, started_on desc nulls last, ref);
      create index published_incidents_incident_facets
        on home.published_incidents_incident using gin (facets) with (fastupdate = off);
      create table home.published_incidents_words (
        batch text not null references home.published_incidents_batch (id), ref text not null, started_on text,
        words tsvector not null, primary key (batch, ref));
      create index published_incidents_words_words
        on home.published_incidents_words using gin (words) with (fastupdate = off);
      create table home.published_incidents_text (
        batch text not null references home.published_incidents_batch (id), ref text not null,
        description text not null, sources text[] not null, cells jsonb not null, primary key (batch, ref));
      create table home.published_incidents_attribution (
        batch text not null references home.published_incidents_batch (id), place integer not null, ref text not null,
        attribution text, day text, kind text, basis text, actor text, company text, by_country text, initiator text,
        country text, category text, primary key (batch, place));
      create index published_incidents_attribution_of on home.published_incidents_attribution (batch, ref);
      create table home.published_incidents_receiver (
        batch text not null references home.published_incidents_batch (id), place integer not null, ref text not null,
        country text, regions text, name text, sector text, subsector text, primary key (batch, place));
      create index published_incidents_receiver_of on home.published_incidents_receiver (batch, ref);
      create table home.published_incidents_response (
        batch text not null references home.published_incidents_batch (id), place integer not null, ref text not null,
        legal boolean not null, day text, type text, subtype text, country text, actor text,
        primary key (batch, place));
      create index published_incidents_response_of on home.published_incidents_response (batch, ref);
      create table home.published_incidents_problem (
        batch text not null references home.published_incidents_batch (id), place integer not null, file text not null,
        line integer not null, column_name text not null, value text not null, reason text not null,
        expected text not null, unread boolean not null, text text, primary key (batch, place));
    `.execute(tx)
  },
}
