import type { Module } from '../../core/module/types.ts'
import { homeTaskRecords } from './home-records.ts'
import { homeTaskRooms } from './incident-rooms.ts'
import { documentOf } from './legal-stage.ts'
import { homeTasksTables } from './migrations/0001-home-tasks.ts'
import { taskKinds } from './kinds.ts'
import { homeTaskNeeds } from './needs.ts'
import { remind } from './remind.ts'
import { homeTaskRoutes } from './routes.tsx'

export { readWorkingDays } from './working-days.ts'

/** What parliament, citizens and ministers ask this house about incidents: drafted, cleared, answered in time. */
export const homeTasks: Module = {
  name: 'home-tasks',
  migrations: [homeTasksTables],
  routes: homeTaskRoutes,
  needs: homeTaskNeeds,
  tick: remind,
  homeDocuments: Object.fromEntries(taskKinds.map((kind) => [documentOf(kind), `home-tasks.kind.${kind}`])),
  homeRecords: homeTaskRecords,
  incidentRooms: homeTaskRooms,
  navigation: [
    {
      href: '/home-tasks',
      label: 'home-tasks.navigation',
      permission: 'incidents.tasks:read',
      order: 27,
      group: 'correspondence',
    },
  ],
}
