import type { Module } from '../../core/module/types.ts'
import { heldLines } from './held-words.ts'
import { lineRecords } from './home-records.ts'
import { lineRooms } from './incident-rooms.ts'
import { linesTables } from './migrations/0001-lines.ts'
import { linesFromBriefs } from './migrations/0002-from-briefs.ts'
import { readOutTables } from './migrations/0003-read-outs.ts'
import { groundsOf } from './line-rows.ts'
import { releaseTables } from './migrations/0004-releases.ts'
import { secondPersonTables } from './migrations/0005-second-person.ts'
import { readOutLegal } from './migrations/0006-read-out-legal.ts'
import { lineNeeds } from './needs.ts'
import { readOutDocument } from './read-outs/legal-wanted.ts'
import { readOutNeeds } from './read-outs/needs.ts'
import { readOutActions } from './read-outs/read-out-actions.ts'
import { releaseComposers } from './releases/composers.tsx'
import { releaseFaces } from './releases/faces.tsx'
import { releaseNeeds } from './releases/needs.ts'
import { releaseActs, releaseViews } from './releases/projection.ts'
import { releaseSpaceActions } from './releases/space-actions.ts'
import { linesRoutes } from './routes.tsx'
import { secondPersonNeeds } from './second-person/needs.ts'

export { clearOnBrief } from './clear-lines.ts'
export { isOnBrief, writeHoldingLines } from './holding-lines.ts'
export { type Audience, maySayBefore, reaches } from './kinds.ts'
export { listWaiting } from './list-waiting.ts'
export { type Line, readLines, type Wording } from './read-lines.ts'
export { type LineState, standingIn, wordingIn } from './standing.ts'

/** What our people say about an incident, in which language and to whom, cleared and resting on what is known. */
export const lines: Module = {
  name: 'lines',
  migrations: [linesTables, linesFromBriefs, readOutTables, releaseTables, secondPersonTables, readOutLegal],
  acts: releaseActs,
  faces: releaseFaces,
  composers: releaseComposers,
  views: releaseViews,
  routes: linesRoutes,
  needs: async (services, viewer) => [
    ...(await lineNeeds(services, viewer)),
    ...(await secondPersonNeeds(services, viewer)),
    ...(await readOutNeeds(services, viewer)),
    ...(await releaseNeeds(services, viewer)),
  ],
  homeDocuments: { [readOutDocument]: 'read-outs.for-publication' },
  homeRecords: lineRecords,
  incidentRooms: lineRooms,
  actActions: readOutActions,
  spaceActions: (services, _viewer, space) => releaseSpaceActions(services, space),
  restsOn: groundsOf,
  heldWords: heldLines,
}
