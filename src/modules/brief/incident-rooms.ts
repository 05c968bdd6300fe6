import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import './tables.ts'

/** The brief of an incident: whether its lines to take are written and cleared. */
export async function briefRooms(services: Services, _viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const newest = await services.db
    .selectFrom('home.brief_lines')
    .select('cleared_by')
    .where('incident', '=', incident)
    .orderBy('at', 'desc')
    .orderBy('id')
    .executeTakeFirst()
  const stands = newest ? (newest.cleared_by === null ? 'waiting' : 'cleared') : 'none'
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
