import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

export const incidentsNeedToKnow: Migration = {
  name: 'incidents/0002-need-to-know',
  async up(tx) {
    await sql`
      alter table home.incidents_incident add column lead text, add column restricted boolean not null default false;
      update home.incidents_incident set lead = opened_by;
      alter table home.incidents_incident alter column lead set not null, alter column number drop not null,
        drop constraint incidents_incident_code_name_key;
      create index incidents_incident_name on home.incidents_incident (lower(code_name));
      create index incidents_incident_touched on home.incidents_incident (touched_at desc, id);
      create table home.incidents_compartment (
        id text primary key, incident text not null references home.incidents_incident (id), name text not null,
        by_person text not null, at bigint not null);
      create index incidents_compartment_of on home.incidents_compartment (incident);
      create table home.incidents_reader (
        id text primary key, incident text not null references home.incidents_incident (id),
        compartment text references home.incidents_compartment (id), kind text not null, who text not null,
        by_person text not null, at bigint not null, until bigint, ended_at bigint, ended_by text);
      create index incidents_reader_of on home.incidents_reader (incident, compartment);
      alter table home.incidents_fact add column compartment text references home.incidents_compartment (id);
      alter table home.incidents_entry add column compartment text references home.incidents_compartment (id);
      alter table home.incidents_evidence add column compartment text references home.incidents_compartment (id);
      create table home.incidents_source (
        evidence text primary key references home.incidents_evidence (id), identity text not null,
        handler text not null, deputy text, at bigint not null);
      create table home.incidents_break_glass (
        id text primary key, asked_for text not null, why text not null, asked_by text not null,
        asked_at bigint not null, agreed_by text, agreed_at bigint, refused_by text, incident text,
        until bigint, seen_at bigint);
      -- A contest can be taken up by people who do not know of one another.
      alter table home.incidents_taken_up drop constraint incidents_taken_up_pkey, add primary key (act, incident);`.execute(
      tx,
    )
  },
}
