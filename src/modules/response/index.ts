import type { Module } from '../../core/module/types.ts'
import { responseTables } from './migrations/0001-response.ts'
import { dossierTable } from './migrations/0002-dossiers.ts'
import { responseRecords } from './home-records.ts'
import { responseRooms } from './incident-rooms.ts'
import { responseNeeds } from './needs.ts'
import { picturedDecisions } from './pictured.ts'
import { responseRoutes } from './routes.tsx'

export { gateOf, rungName } from './gate-of.ts'

/** What can be done about an incident, what speaks against each option, and what was decided. */
export const response: Module = {
  name: 'response',
  migrations: [responseTables, dossierTable],
  routes: responseRoutes,
  needs: responseNeeds,
  homeRecords: responseRecords,
  incidentRooms: responseRooms,
  pictured: picturedDecisions,
}
