import type { HeldWords, Services, Viewer } from '../../core/module/types.ts'
import { inSight } from '../incidents/index.ts'
import { readLines } from './read-lines.ts'
import './tables.ts'

/** Lines that wait for a time of release, as far as this person may read them. */
export async function heldLines(services: Services, viewer: Viewer | undefined): Promise<HeldWords[]> {
  if (!viewer) return []
  const rows = await services.db
    .selectFrom('home.lines_embargo as e')
    .innerJoin('home.lines_line as l', 'l.id', 'e.about')
    .select('l.incident')
    .distinct()
    .where('e.release', 'is not', null)
    .where(inSight(services, viewer, 'l.incident'))
    .execute()
  if (rows.length === 0) return []
  const lines = await readLines(services, viewer, { among: rows.map(({ incident }) => incident) })
  return lines.flatMap(({ id, incident, withdrawn, wording, translations, embargo }): HeldWords[] => {
    if (withdrawn || !embargo || embargo.isOver) return []
    const said = [wording, ...translations]
    return [
      {
        key: id,
        href: `/incidents/${incident}/lines/${id}`,
        title: Object.fromEntries(said.map(({ language, question, words }) => [language, question || words])),
        words: said.map(({ words }) => words),
        ...(embargo.at !== undefined && { until: embargo.at }),
      },
    ]
  })
}
