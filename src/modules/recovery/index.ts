import type { Module } from '../../core/module/types.ts'
import { recoveryRecords } from './home-records.ts'
import { recoveryRooms } from './incident-rooms.ts'
import { recoveryTables } from './migrations/0001-recovery.ts'
import { recoveryClocks, recoveryNeeds } from './needs.ts'
import { recoveryRoutes } from './routes.tsx'

/** Services an incident hit: what each needs, how it stands, and what can be expected against its targets. */
export const recovery: Module = {
  name: 'recovery',
  migrations: [recoveryTables],
  routes: recoveryRoutes,
  needs: recoveryNeeds,
  incidentClocks: recoveryClocks,
  incidentRooms: recoveryRooms,
  homeRecords: recoveryRecords,
}
