import type { Module } from '../../core/module/types.ts'
import { legalClockRecords } from './home-records.ts'
import { incidentClocks } from './incident-clocks.ts'
import { legalClockRooms } from './incident-rooms.ts'
import { legalClockTables } from './migrations/0001-legal-clocks.ts'
import { matterIndex } from './migrations/0002-matters.ts'
import { legalClocksDrills } from './migrations/0003-drills.ts'
import { legalClockNeeds } from './needs.ts'
import { hasOpenClock } from './open-terms.ts'
import { legalClockRoutes } from './routes.tsx'

/** By when a law wants to be told of an incident, and what was sent. */
export const legalClocks: Module = {
  name: 'legal-clocks',
  migrations: [legalClockTables, matterIndex, legalClocksDrills],
  routes: legalClockRoutes,
  needs: legalClockNeeds,
  homeRecords: legalClockRecords,
  incidentClocks,
  openClockOn: hasOpenClock,
  incidentRooms: legalClockRooms,
}
