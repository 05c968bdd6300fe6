import type { Module } from '../../core/module/types.ts'
import { briefRooms } from './incident-rooms.ts'
import { briefLines } from './migrations/0001-lines.ts'
import { briefSheets } from './migrations/0002-sheets.ts'
import { briefNeeds } from './needs.ts'
import { briefRoutes } from './routes.tsx'

/** One page of an incident for whoever has to speak about it. */
export const brief: Module = {
  name: 'brief',
  migrations: [briefLines, briefSheets],
  routes: briefRoutes,
  needs: briefNeeds,
  incidentRooms: briefRooms,
}
