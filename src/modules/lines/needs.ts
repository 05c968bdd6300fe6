import type { Need, Services, Viewer } from '../../core/module/types.ts'
import { incidentsNamed } from '../incidents/index.ts'
import { handsIn } from './clear-lines.ts'
import { isOnBrief } from './holding-lines.ts'
import { tellsBeforeMs } from './kinds.ts'
import { listWaiting } from './list-waiting.ts'
import type { Line } from './read-lines.ts'
import { standingIn } from './standing.ts'

/** Lines to take that are flagged, about to end, or wait for a second person. One line of Today for each incident and reason. */
export async function lineNeeds(services: Services, viewer: Viewer): Promise<Need[]> {
  const mayClear = viewer.may('incidents.brief:release')
  if (!mayClear && !viewer.may('incidents:draft')) return []
  const lines = await listWaiting(services, viewer)
  if (lines.length === 0) return []
  const now = services.clock.now()
  const of = Map.groupBy(lines, ({ incident }) => incident)
  const incidents = await incidentsNamed(services, viewer, [...of.keys()])
  return [...incidents].flatMap(([id, { title, state }]) => {
    const mine = state === 'closed' ? [] : (of.get(id) ?? [])
    const need = (reason: string, found: readonly Line[], dueAt?: number): Need[] =>
      found.length === 0
        ? []
        : [
            {
              key: `lines:${reason}:${id}`,
              verb: `lines.need.${reason}`,
              form: 'lines.need.form',
              headline: title,
              href: `/incidents/${id}/lines`,
              waitsFor: 'me',
              ...(dueAt !== undefined && { dueAt }),
            },
          ]
    const flagged = mine.filter((line) => standingIn(line, line.language, { now }) === 'flagged')
    const ending = mine.filter(({ wording: { validUntil } }) => {
      return validUntil !== undefined && validUntil > now && validUntil <= now + tellsBeforeMs
    })
    const ends = ending.map(({ wording }) => wording.validUntil ?? now)
    return [
      ...need('flagged', flagged),
      ...need('ending', ending, Math.min(...ends)),
      ...(mayClear
        ? need(
            'clear',
            mine.filter((line) => waitsFor(line, viewer, now)),
          )
        : []),
    ]
  })
}

/** Whether one of its languages waits for this person; the original of a line on the brief waits there. */
function waitsFor(line: Line, viewer: Viewer, now: number): boolean {
  const said = [...(isOnBrief(line) ? [] : [line.wording]), ...line.translations]
  return said.some(
    (one) =>
      standingIn(line, one.language, { now }) === 'not-cleared' && !handsIn(line, one).includes(viewer.person.id),
  )
}
