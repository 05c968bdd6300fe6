import { sql } from 'kysely'
import { saidIn, vectorOf } from '../../../core/search/index.ts'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/** What the list of incidents is narrowed by, along an index each. */
export const incidentsList: Migration = {
  name: 'incidents/0005-list',
  async up(tx) {
    await sql`
      create table home.incidents_words (
        incident text primary key references home.incidents_incident (id) on delete cascade, words tsvector not null);
      create index incidents_words_words on home.incidents_words using gin (words) with (fastupdate = off);
      create index incidents_incident_opened on home.incidents_incident (opened_at desc, id);
      create index incidents_incident_lead on home.incidents_incident (lead);
      create index incidents_reader_who on home.incidents_reader (who) where compartment is null and ended_at is null;
      create index incidents_particular_code on home.incidents_particular (kind, (value->>'code'), incident)
        where ended_at is null;
      -- Without it a filter on a country is taken to find next to nothing, and asks for each hit by itself.
      create index incidents_severity_level on home.incidents_severity (scheme, level, incident);
      create statistics home.incidents_particular_codes (mcv) on kind, (value->>'code') from home.incidents_particular;`.execute(
      tx,
    )
    const { rows } = await sql<{ id: string; title: string; codeName: string; summary: string }>`
      select id, title, code_name as "codeName", summary from home.incidents_incident`.execute(tx)
    for (const { id, title, codeName, summary } of rows)
      await sql`insert into home.incidents_words
        values (${id}, ${vectorOf(saidIn({ title: [title, codeName], summary }), [])}::tsvector)`.execute(tx)
  },
}
