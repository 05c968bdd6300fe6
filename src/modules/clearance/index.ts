import type { Module } from '../../core/module/types.ts'
import { emergencyConfirmed } from '../../core/release/index.ts'
import { decideAs, emergenciesPage } from './emergencies-page.tsx'
import { emergencyNeeds, emergencyNotes } from './emergencies.ts'
import { clearanceFaces } from './faces.tsx'
import { clearanceTables } from './migrations/0001-clearance.ts'
import { clearanceActs } from './projection.ts'

const permission = `${emergencyConfirmed}:release` as const

/** What one person released alone, said to both sides, confirmed or disowned by another within a day. */
export const clearance: Module = {
  name: 'clearance',
  acts: clearanceActs,
  faces: clearanceFaces,
  migrations: [clearanceTables],
  views: ['view.clearance_emergency'],
  needs: emergencyNeeds,
  actNotes: emergencyNotes,
  routes: () => [
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
