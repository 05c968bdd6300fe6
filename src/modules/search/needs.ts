import { actHref } from '../../core/module/act-href.ts'
import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { createTranslator } from '../../text/index.ts'
import { listAssigned } from './assignments.ts'
import { showHits } from './hits.ts'
import { namesOf } from './pages/hit-entry.tsx'

/** What stands assigned to this person or their office. */
export async function assignedNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const assigned = await listAssigned(services, viewer)
  if (assigned.length === 0) return []
  const { language } = viewer.person
  const t = createTranslator(language)
  const hits = await showHits(
    { services, viewer },
    assigned.map(({ act, space }) => ({ hash: act, space })),
    'page',
  )
  const headlines = new Map(
    hits.map((hit) => [hit.shown.act.hash, namesOf(hit, { services, viewer, t, language }).headline]),
  )
  return assigned.map((one) => ({
    key: `search.assigned:${one.id}`,
    verb: 'search.need.see',
    form: one.office === undefined ? 'search.need.to-you' : 'search.need.to-your-office',
    headline: headlines.get(one.act) ?? '',
    href: actHref(one.space, one.act),
    space: one.space,
    waitsFor: 'me',
  }))
}
