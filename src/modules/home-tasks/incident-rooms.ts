import type { IncidentRoom, Services, Viewer } from '../../core/module/types.ts'
import { readTasks } from './read-tasks.ts'

/** Questions, requests and briefs tied to an incident, as far as this person may read them. */
export async function homeTaskRooms(services: Services, viewer: Viewer, incident: string): Promise<IncidentRoom[]> {
  const tasks = await readTasks(services, viewer, { incident })
  const open = tasks.filter(({ state }) => state === 'open')
  const late = open.filter(({ clockState }) => clockState === 'overdue').length
  return [
    {
      place: 'tasks',
      href: `/home-tasks?incident=${incident}`,
      label: 'home-tasks.title',
      permission: 'incidents.tasks:read',
      state: { key: 'home-tasks.room', facts: { open: open.length, ended: tasks.length - open.length } },
      ...(late > 0 && { needs: late }),
    },
  ]
}
