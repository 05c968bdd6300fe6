import type { Module } from '../../core/module/types.ts'
import { lineRecords } from './home-records.ts'
import { lineRooms } from './incident-rooms.ts'
import { linesTables } from './migrations/0001-lines.ts'
import { linesFromBriefs } from './migrations/0002-from-briefs.ts'
import { readOutTables } from './migrations/0003-read-outs.ts'
import { groundsOf } from './line-rows.ts'
import { lineNeeds } from './needs.ts'
import { readOutActions } from './read-outs/read-out-actions.ts'
import { linesRoutes } from './routes.tsx'

export { clearOnBrief } from './clear-lines.ts'
export { isOnBrief, writeHoldingLines } from './holding-lines.ts'
export { type Line, readLines, type Wording } from './read-lines.ts'
export { type LineState, standingIn, wordingIn } from './standing.ts'

/** What our people say about an incident, in which language and to whom, cleared and resting on what is known. */
export const lines: Module = {
  name: 'lines',
  migrations: [linesTables, linesFromBriefs, readOutTables],
  routes: linesRoutes,
  needs: lineNeeds,
  homeRecords: lineRecords,
  incidentRooms: lineRooms,
  actActions: readOutActions,
  restsOn: groundsOf,
}
