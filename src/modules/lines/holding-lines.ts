import type { Services, Viewer } from '../../core/module/types.ts'
import { getOpenIncident } from '../incidents/index.ts'
import { requireNoQuoteAtHome } from '../originator/index.ts'
import { insertLine, insertWording } from './line-rows.ts'
import { type Line, readLines } from './read-lines.ts'
import { changing, endLine } from './write-lines.ts'

/** Lines that stand of the kinds a brief shows, in their order. */
export const isOnBrief = ({ kind, withdrawn }: Line): boolean =>
  withdrawn === undefined && (kind === 'holding' || kind === 'if-asked')

/**
 * Writes the holding lines of an incident anew, a row each. One that says the same stays as it is, cleared or not; one
 * in whose place others stand now is changed; one that is left over is withdrawn.
 */
export async function writeHoldingLines(
  services: Services,
  viewer: Viewer,
  incidentId: string,
  { id, lines: said, language }: { id: string; lines: readonly string[]; language: string },
): Promise<void> {
  const incident = await getOpenIncident(services, viewer, incidentId)
  await requireNoQuoteAtHome(services, viewer, { field: 'lines', words: said })
  await changing(services, viewer, incident, 'lines', async (tx) => {
    const all = await readLines({ ...services, db: tx }, viewer, { incident: incident.id })
    if (all.some((line) => [line.wording, ...line.earlier].some((one) => one.id.startsWith(`${id}-`)))) return false
    const standing = all.filter((one) => one.kind === 'holding' && !one.withdrawn)
    const left = [...standing]
    const take = (fits: (line: Line) => boolean) => {
      const at = left.findIndex(fits)
      return at === -1 ? undefined : left.splice(at, 1)[0]
    }
    const same = said.map((words) => take(({ wording }) => wording.words === words))
    const lines = same.map((line, at) => line ?? take((one) => one === standing[at]))
    const last = Math.max(0, ...all.map(({ place }) => place))
    for (const [at, words] of said.entries()) {
      const line = lines[at]
      const wording = {
        id: `${id}-${at + 1}`,
        question: '',
        words,
        audience: 'house' as const,
        marking: incident.marking,
      }
      const place = standing[at]?.place ?? last + at + 1
      if (!line) {
        await insertLine(services, viewer, tx, {
          id: wording.id,
          incident: incident.id,
          kind: 'holding',
          language,
          place,
        })
        await insertWording(services, viewer, tx, { ...wording, line: wording.id, language })
        continue
      }
      if (line.place !== place)
        await tx.updateTable('home.lines_line').set({ place }).where('id', '=', line.id).execute()
      if (line.wording.words === words) continue
      const { audience, marking, validFrom, validUntil } = line.wording
      await insertWording(services, viewer, tx, {
        ...wording,
        audience,
        marking,
        validFrom,
        ...(validUntil !== undefined && { validUntil }),
        line: line.id,
        language: line.language,
      })
    }
    for (const line of left) await endLine(services, viewer, tx, line.id)
    return true
  })
}
