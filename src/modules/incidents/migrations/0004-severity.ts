import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/**
 * Assessments by scheme, never changed. What was answered before stands in the log of its incident, each time with all
 * four answers: it comes over under the scheme it was given by, whose cuts are written here as they were then.
 */
export const incidentsSeverity: Migration = {
  name: 'incidents/0004-severity',
  async up(tx) {
    await sql`
      create table home.incidents_severity (
        id text primary key, incident text not null references home.incidents_incident (id), scheme text not null,
        answers jsonb not null, why text not null, figure double precision, level text, result jsonb,
        rules_dated text, rules_print text, by_person text not null, at bigint not null,
        ordinal bigint generated always as identity);
      create index incidents_severity_of on home.incidents_severity (incident, scheme, ordinal desc);
      with given as (
        select md5('severity ' || e.id) as id, e.incident, e.facts as answers, e.by_person, e.written_at as at
          from home.incidents_entry e where e.kind = 'severity'
        union all
        select md5('severity of ' || i.id), i.id, i.severity, i.opened_by, i.touched_at
          from home.incidents_incident i where i.severity is not null and i.severity <> 'null'::jsonb
          and not exists (select from home.incidents_entry e where e.incident = i.id and e.kind = 'severity')),
      counted as (
        select given.*, (answers->>'service')::int + (answers->>'reach')::int + (answers->>'data')::int
          + (answers->>'recovery')::int as sum from given)
      insert into home.incidents_severity (id, incident, scheme, answers, why, figure, level, by_person, at)
        select id, incident, 'chancery-1', (select jsonb_object_agg(key, value) from jsonb_each_text(answers)), '', sum,
          case when sum >= 11 then 'critical' when sum >= 8 then 'severe' when sum >= 5 then 'serious'
            when sum >= 2 then 'minor' when sum >= 0 then 'negligible' end, by_person, at
        from counted order by at, id;
      alter table home.incidents_incident drop column severity;`.execute(tx)
  },
}
