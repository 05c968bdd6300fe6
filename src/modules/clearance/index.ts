import type { Module } from '../../core/module/types.ts'
import { emergencyConfirmed } from '../../core/release/index.ts'
import { besideDraft } from './beside-draft.tsx'
import { commentRoutes } from './comments/comment-routes.ts'
import { forgetComments } from './comments/comments.ts'
import { decideAs, emergenciesPage } from './emergencies-page.tsx'
import { emergencyNeeds, emergencyNotes } from './emergencies.ts'
import { clearanceFaces } from './faces.tsx'
import { clearanceTables } from './migrations/0001-clearance.ts'
import { commentTable } from './migrations/0002-comments.ts'
import { legalTables } from './migrations/0003-legal.ts'
import { forgetClearances, legalNeeds, legalPower, requireCleared, tellAdvisers } from './legal/clearances.ts'
import { legalRoutes } from './legal/legal-routes.tsx'
import { type Rule, ruleFor, rulesToday } from './legal/rules.ts'
import { clearanceActs } from './projection.ts'

export { legalPower, type Rule, rulesToday }

const permission = `${emergencyConfirmed}:release` as const

/** What one person released alone, said to both sides, confirmed or disowned by another within a day. */
export const clearance: Module = {
  name: 'clearance',
  acts: clearanceActs,
  faces: clearanceFaces,
  migrations: [clearanceTables, commentTable, legalTables],
  views: ['view.clearance_emergency'],
  needs: async (services, viewer) => [
    ...(await legalNeeds(services, viewer)),
    ...(await emergencyNeeds(services, viewer)),
  ],
  checkLeaving: requireCleared,
  waitsForOthers: async (services, draft) => (await ruleFor(services, draft)) !== undefined,
  draftWaits: tellAdvisers,
  besideDraft,
  async draftDiscarded(tx, draft) {
    await forgetComments(tx, draft)
    await forgetClearances(tx, draft)
  },
  keptNoLonger: async (tx, draft) => (await forgetComments(tx, draft)) + (await forgetClearances(tx, draft)),
  actNotes: emergencyNotes,
  routes: () => [
    ...commentRoutes,
    ...legalRoutes,
    {
      method: 'GET',
      path: '/emergencies',
      permission,
      summary: 'What one person of this house released alone, and what another says of it',
      handle: emergenciesPage,
    },
    {
      method: 'POST',
      path: '/emergencies/:act/confirm',
      permission,
      summary: 'Confirm what one person released in an emergency',
      handle: decideAs('confirmed'),
    },
    {
      method: 'POST',
      path: '/emergencies/:act/disown',
      permission,
      summary: 'Disown what one person released in an emergency; a note is withdrawn',
      handle: decideAs('disowned'),
    },
  ],
}
