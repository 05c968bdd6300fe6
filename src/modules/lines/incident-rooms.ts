import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { readLines } from './read-lines.ts'
import { standingIn } from './standing.ts'

/** Lines to take of an incident: how many stand, and how many may not be said until somebody looks at them. */
export async function lineRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const lines = (await readLines(services, viewer, { incident })).filter(({ withdrawn }) => !withdrawn)
  const now = services.clock.now()
  const flagged = lines.filter((line) => standingIn(line, line.language, { now }) === 'flagged').length
  return [
    {
      place: 'lines',
      href: `/incidents/${incident}/lines`,
      label: 'lines.title',
      permission: 'incidents:read',
      state: { key: 'lines.room', facts: { lines: lines.length, flagged } },
      ...(flagged > 0 && { needs: flagged }),
    },
  ]
}
