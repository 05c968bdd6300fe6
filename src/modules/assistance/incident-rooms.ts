import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { listOfIncident } from './work.ts'

/** Requests that belong to an incident: how many were sent, or that none was. */
export async function assistanceRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const count = (await listOfIncident(services, incident)).length
  const mayAsk = viewer.may('channels.note-sent:draft')
  if (count === 0 && !mayAsk) return []
  return [
    {
      place: 'assistance',
      href: count === 0 ? `/assistance/ask?incident=${incident}` : `/assistance?incident=${incident}`,
      label: 'assistance.navigation',
      permission: 'assistance:read',
      state: { key: 'assistance.room', facts: { count } },
    },
  ]
}
