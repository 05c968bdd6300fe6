import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { isOnBrief, readLines, standingIn } from '../lines/index.ts'

/** The brief of an incident: whether its lines to take are written and cleared. */
export async function briefRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const lines = (await readLines(services, viewer, { incident })).filter(isOnBrief)
  const now = services.clock.now()
  const isCleared = lines.every((line) => standingIn(line, line.language, { now }) !== 'not-cleared')
  const stands = lines.length > 0 ? (isCleared ? 'cleared' : 'waiting') : 'none'
  return [
    {
      place: 'brief',
      href: `/incidents/${incident}/brief`,
      label: 'brief.action',
      permission: 'incidents:read',
      state: { key: `brief.room.${stands}` },
      ...(stands === 'waiting' && { needs: 1 }),
    },
  ]
}
