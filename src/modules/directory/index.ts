import { tick } from '../../core/clocks/index.ts'
import type { Module } from '../../core/module/types.ts'
import { calendarComposer } from './composers/calendar-composer.tsx'
import { contactComposer, profileComposer } from './composers/contact-composers.tsx'
import { confirmationNeeds } from './confirmation.ts'
import { contactRoutes } from './contact-routes.tsx'
import {
  calendarFace,
  contactConfirmedFace,
  contactFace,
  contactRemovedFace,
  profileFace,
} from './faces/directory-faces.tsx'
import { directoryTables } from './migrations/0001-directory.ts'
import { relationTable } from './migrations/0002-relation.ts'
import { directoryHours } from './migrations/0003-hours.ts'
import { directoryActs } from './projection.ts'
import { listDisplayNames } from './relation.ts'
import { rotaInFull } from './migrations/0004-rota.ts'
import { directoryRules } from './migrations/0005-rules.ts'
import { listRoutes } from './lists/routes.tsx'
import { handOverSheet } from './migrations/0007-hand-over-sheet.ts'
import { toldTable } from './migrations/0006-told.ts'
import { relationRoutes } from './relation-routes.tsx'
import { endDutiesOfWhoLeft } from './rota/departures.ts'
import { createLadders } from './rota/escalation-ladder.ts'
import { handOverRecords } from './rota/home-records.ts'
import { rotaNeeds } from './rota/needs.ts'
import { rotaRoutes } from './rota/routes.tsx'
import { directoryRoutes } from './routes.tsx'

export type { Shift } from './rota/on-duty.ts'
export { endShift, listOnDuty, startShift } from './rota/shifts.ts'
export { type ContactKind, contactKinds } from './acts.ts'
export { challengeLadder } from './rota/escalation-ladder.ts'
export { type Contact, listContacts, listPromises, type Promised } from './contacts.ts'
export { type OfficeCalendar, type Opening, openingsBetween } from './office-hours.ts'
export { type Answer, isValidAt, whoAnswers } from './who-answers.ts'

/** Parties, their points of contact, and the duty rota that decides whom a clock pages. */
export const directory: Module = {
  name: 'directory',
  acts: directoryActs,
  faces: [profileFace, contactFace, contactRemovedFace, contactConfirmedFace, calendarFace],
  composers: [contactComposer, profileComposer, calendarComposer],
  migrations: [directoryTables, relationTable, directoryHours, rotaInFull, directoryRules, toldTable, handOverSheet],
  views: [
    'view.directory_profile',
    'view.directory_contact',
    'view.directory_calendar',
    'view.directory_announced',
    'view.directory_confirmation',
  ],
  routes: (services) => [
    ...directoryRoutes(services),
    ...contactRoutes(services),
    ...relationRoutes(services),
    ...rotaRoutes(services),
    ...listRoutes(services),
  ],
  needsOnDevices: true,
  needs: async (services, viewer) =>
    (await Promise.all([rotaNeeds(services, viewer), confirmationNeeds(services, viewer)])).flat(),
  homeRecords: handOverRecords,
  namesOfParties: listDisplayNames,
  async tick(services) {
    await endDutiesOfWhoLeft(services)
    await tick(services, createLadders(services))
  },
  navigation: [{ href: '/directory', label: 'directory.navigation', permission: 'directory:read', order: 60 }],
}
