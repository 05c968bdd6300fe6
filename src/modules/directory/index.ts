import { tick } from '../../core/clocks/index.ts'
import type { Module } from '../../core/module/types.ts'
import { contactComposer, profileComposer } from './composers/contact-composers.tsx'
import { createLadders } from './escalation-ladder.ts'
import { contactFace, contactRemovedFace, profileFace } from './faces/directory-faces.tsx'
import { directoryTables } from './migrations/0001-directory.ts'
import { directoryActs } from './projection.ts'
import { directoryRoutes } from './routes.tsx'

export { endShift, listOnDuty, type Shift, startShift } from './duty-rota.ts'
export { answersNow, type Contact, isOpenAt, listContacts } from './queries.ts'

/** Parties, their points of contact, and the duty rota that decides whom a clock pages. */
export const directory: Module = {
  name: 'directory',
  acts: directoryActs,
  faces: [profileFace, contactFace, contactRemovedFace],
  composers: [contactComposer, profileComposer],
  migrations: [directoryTables],
  views: ['view.directory_profile', 'view.directory_contact'],
  routes: directoryRoutes,
  tick: (services) => tick(services, createLadders(services)),
  navigation: [{ href: '/directory', label: 'directory.navigation', permission: 'directory:read', order: 60 }],
}
