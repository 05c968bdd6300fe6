import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed } from '../incidents/index.ts'
import { isOnBrief, listWaiting, standingIn } from '../lines/index.ts'
import './tables.ts'

/** Sheets whose lines somebody else wrote or changed, and nobody has cleared since. */
export async function briefNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  if (!viewer.may('incidents.brief:release')) return []
  const lines = (await listWaiting(services, viewer)).filter(isOnBrief)
  if (lines.length === 0) return []
  const now = services.clock.now()
  const waiting = new Set(
    [...Map.groupBy(lines, ({ incident }) => incident)]
      .filter(([, mine]) => mine.every(({ wording }) => wording.by !== viewer.person.id))
      .filter(([, mine]) => mine.some((line) => standingIn(line, line.language, { now }) === 'not-cleared'))
      .map(([incident]) => incident),
  )
  const incidents = await incidentsNamed(services, viewer, [...waiting])
  return [...incidents]
    .filter(([, { state }]) => state !== 'closed')
    .map(
      ([id, { title }]): Need => ({
        key: `brief:${id}`,
        verb: 'brief.clear',
        form: 'brief.action',
        headline: title,
        href: `/incidents/${id}/brief`,
        waitsFor: 'me',
      }),
    )
}
