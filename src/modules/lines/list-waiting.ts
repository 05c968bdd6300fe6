import { sql } from 'kysely'
import type { Services, Viewer } from '../../core/module/types.ts'
import { once } from '../../core/storage/index.ts'
import { inOpenSight } from '../incidents/index.ts'
import { tellsBeforeMs } from './kinds.ts'
import { type Line, readLines } from './read-lines.ts'
import './tables.ts'

/**
 * Lines of open incidents in sight of which one might need somebody: not cleared as it stands in a language, about to
 * end, or resting on something. Which incidents these are is one query; lines of the others are not read. The sheets
 * and the lines of one page are told of by one reading.
 */
export function listWaiting(services: Services, viewer: Viewer): Promise<Line[]> {
  return once(services.db, `lines waiting ${viewer.person.id}`, () => readWaiting(services, viewer))
}

async function readWaiting(services: Services, viewer: Viewer): Promise<Line[]> {
  const now = services.clock.now()
  const { rows } = await sql<{ incident: string }>`
    select distinct l.incident
    from home.lines_line l
    cross join lateral (select w.id, w.valid_until from home.lines_wording w
      where w.line = l.id and w.renders is null order by w.ordinal desc limit 1) o
    where l.withdrawn_at is null
      and ${inOpenSight(services, viewer, 'l.incident')}
      and (o.valid_until is null or o.valid_until > ${now})
      and (o.valid_until <= ${now + tellsBeforeMs}
        or exists (select from (select r.grounds from home.lines_resting r
            where r.line = l.id order by r.ordinal desc limit 1) newest where newest.grounds <> '[]'::jsonb)
        or exists (select from (select distinct on (w.language) w.id, w.language from home.lines_wording w
            where w.line = l.id order by w.language, w.ordinal desc) said
          where not exists (select from home.lines_clearance c where c.line = l.id and c.language = said.language
            and c.cleared_as in (said.id, o.id || ' ' || said.id))))`.execute(services.db)
  if (rows.length === 0) return []
  const lines = await readLines(services, viewer, { among: rows.map(({ incident }) => incident) })
  return lines.filter(({ withdrawn }) => !withdrawn)
}
