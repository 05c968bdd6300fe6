import type { Services, Viewer } from '../../../core/module/types.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import type { RestedOn } from './rests-on.ts'
import '../tables.ts'

/** Every item an assessment rested on, as it stood then. */
export async function readRested(
  services: Pick<Services, 'db' | 'clock'>,
  viewer: Viewer,
  assessment: string,
): Promise<Required<RestedOn>[]> {
  const rows = await services.db
    .selectFrom('home.incidents_rested')
    .selectAll()
    .where('assessment', '=', assessment)
    .where(inSight(services, viewer))
    .orderBy('number')
    .execute()
  return rows.map(({ evidence: id, number, tlp, reliability, credibility, words_hash: wordsHash, marks }) => ({
    ...{ id, number, tlp, wordsHash, marks, grade: `${reliability}${credibility}` },
  }))
}
