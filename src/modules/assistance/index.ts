import type { Module } from '../../core/module/types.ts'
import {
  acceptedComposer,
  closedComposer,
  executedComposer,
  extensionAnsweredComposer,
  extensionRequestedComposer,
  postponedComposer,
  refusedComposer,
  supplementedComposer,
} from './composers/answer-composers.tsx'
import { spokenComposer } from './composers/spoken-composer.tsx'
import { assistanceFaces } from './faces/step-faces.tsx'
import { assistanceRooms } from './incident-rooms.ts'
import { keptSince } from './kept-since.ts'
import { assistanceTables } from './migrations/0001-assistance.ts'
import { spokenPower } from './migrations/0002-spoken-power.ts'
import { assistanceNeeds } from './needs.ts'
import { assistanceActs } from './projection.ts'
import { registered } from './registered.ts'
import { actionsOf } from './request-actions.ts'
import { assistanceRoutes } from './routes.tsx'
import { requireTermsTaken } from './terms-first.ts'

/** Help that parties ask each other for: how far each request has come, what was given, and on which terms. */
export const assistance: Module = {
  name: 'assistance',
  acts: assistanceActs,
  faces: assistanceFaces,
  composers: [
    acceptedComposer,
    refusedComposer,
    postponedComposer,
    executedComposer,
    supplementedComposer,
    extensionRequestedComposer,
    extensionAnsweredComposer,
    closedComposer,
    spokenComposer,
  ],
  migrations: [assistanceTables, spokenPower],
  views: ['view.assistance_request', 'view.assistance_step', 'view.assistance_execution', 'view.assistance_oral'],
  keptSince,
  registered,
  routes: assistanceRoutes,
  needs: assistanceNeeds,
  actActions: actionsOf,
  checkOpening: requireTermsTaken,
  incidentRooms: assistanceRooms,
  navigation: [
    {
      href: '/assistance',
      label: 'assistance.navigation',
      permission: 'assistance:read',
      order: 26,
      group: 'correspondence',
    },
  ],
}
