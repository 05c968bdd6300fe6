import type { Module } from '../../core/module/types.ts'
import { announcementFace, challengeAnsweredFace, challengeFace, resultFace } from './faces/check-faces.tsx'
import { keptSince } from './kept-since.ts'
import { checksTables } from './migrations/0001-checks.ts'
import { checkNeeds } from './needs.ts'
import { ownCheckResults } from './own-results.ts'
import { checkActs } from './projection.ts'
import { checkRoutes } from './routes.tsx'
import { runRounds } from './run-rounds.ts'

/** Campaigns of communication checks among the parties of a network. */
export const checks: Module = {
  name: 'checks',
  acts: checkActs,
  faces: [challengeFace, challengeAnsweredFace, announcementFace, resultFace],
  migrations: [checksTables],
  views: ['view.checks_announcement', 'view.checks_challenge', 'view.checks_result'],
  keptSince,
  routes: checkRoutes,
  needsOnDevices: true,
  needs: checkNeeds,
  ownResults: ownCheckResults,
  tick: runRounds,
}
