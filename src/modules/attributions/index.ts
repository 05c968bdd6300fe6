import type { Module } from '../../core/module/types.ts'
import { attributionRooms } from './incident-rooms.ts'
import { attributionTables } from './migrations/0001-attributions.ts'
import { attributionNeeds } from './needs.ts'
import { attributionRoutes } from './routes.tsx'

/** Who attributed an incident to whom, what we decide about it, and what is said of that to whom. */
export const attributions: Module = {
  name: 'attributions',
  migrations: [attributionTables],
  routes: attributionRoutes,
  needs: attributionNeeds,
  incidentRooms: attributionRooms,
}
