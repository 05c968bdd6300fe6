import type { Module } from '../../core/module/types.ts'
import { briefRecords } from './home-records.ts'
import { briefRooms } from './incident-rooms.ts'
import { briefLines } from './migrations/0001-lines.ts'
import { briefNeeds } from './needs.ts'
import { briefRoutes } from './routes.tsx'

/** One page of an incident for whoever has to speak about it. */
export const brief: Module = {
  name: 'brief',
  migrations: [briefLines],
  routes: briefRoutes,
  needs: briefNeeds,
  homeRecords: briefRecords,
  incidentRooms: briefRooms,
}
