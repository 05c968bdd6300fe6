import { sql } from 'kysely'
import type { Migration } from '../../../core/storage/types.ts'
import '../tables.ts'

/**
 * Lines that stood on briefs, each with all it said before. What one person cleared then was a sheet and not a line, so
 * they come without a clearance; the rows they come from stay, with who cleared what.
 */
export const linesFromBriefs: Migration = {
  name: 'lines/0002-from-briefs',
  async up(tx) {
    const { rows } = await sql<{ there: boolean }>`
      select to_regclass('home.brief_lines') is not null as there`.execute(tx)
    if (!rows[0]?.there) return
    await sql`
      with newest as (
        select distinct on (incident) id, incident from home.brief_lines order by incident, at desc, id),
      placed as (
        select s.id as sheet, s.incident, s.by_person, s.at, l.words, l.place::integer as place,
          s.incident || '-' || l.place as line
        from home.brief_lines s cross join lateral unnest(s.lines) with ordinality as l (words, place)),
      made as (
        insert into home.lines_line (id, incident, kind, language, place, by_person, at, withdrawn_by, withdrawn_at)
        select distinct on (p.line) p.line, p.incident, 'holding', 'und', p.place, p.by_person, p.at,
          case when stands.place is null then last.by_person end, case when stands.place is null then last.at end
        from placed p
        join newest n on n.incident = p.incident
        join home.brief_lines last on last.id = n.id
        left join placed stands on stands.sheet = n.id and stands.place = p.place
        order by p.line, p.at, p.sheet
        returning id)
      insert into home.lines_wording
        (id, line, language, question, words, renders, audience, marking, valid_from, valid_until, by_person, at)
      select p.sheet || '-' || p.place, p.line, 'und', '', p.words, null, 'house', i.marking, p.at, null,
        p.by_person, p.at
      from (select *, lag(words) over (partition by line order by at, sheet desc) as before from placed) p
      join home.incidents_incident i on i.id = p.incident
      where p.before is distinct from p.words and exists (select from made)
      order by p.at, p.sheet desc, p.place`.execute(tx)
  },
}
