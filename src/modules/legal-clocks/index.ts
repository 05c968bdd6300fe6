import type { Module } from '../../core/module/types.ts'
import { incidentClocks } from './incident-clocks.ts'
import { legalClockRooms } from './incident-rooms.ts'
import { legalClockTables } from './migrations/0001-legal-clocks.ts'
import { legalClockNeeds } from './needs.ts'
import { legalClockRoutes } from './routes.tsx'

/** By when a law wants to be told of an incident, and what was sent. */
export const legalClocks: Module = {
  name: 'legal-clocks',
  migrations: [legalClockTables],
  routes: legalClockRoutes,
  needs: legalClockNeeds,
  incidentClocks,
  incidentRooms: legalClockRooms,
}
