import type { Module } from '../../core/module/types.ts'
import { actingRoutes } from './acting/acting-routes.tsx'
import { classificationRoutes } from './classification/classification-routes.tsx'
import { recordSpills } from './classification/spills.ts'
import { keyRoutes } from './key-routes.tsx'
import { tellKeyChanges } from './key-notices.ts'
import { spillTables } from './migrations/0001-spills.ts'
import { fileSpills } from './migrations/0002-file-spills.ts'
import { needs } from './needs.ts'
import { officeRoutes } from './office-routes.tsx'
import { peerRoutes } from './peer-routes.tsx'
import { peopleRoutes } from './people-routes.tsx'
import { recordRoutes } from './record-routes.tsx'
import { tellDamage } from './storage-notices.ts'
import { storageRoutes } from './storage-routes.tsx'

/** The house's own affairs: people, offices, powers, peers, what is stored, mail, and the record of who did what. */
export const administration: Module = {
  name: 'administration',
  routes: () => [
    ...peopleRoutes,
    ...officeRoutes,
    ...actingRoutes,
    ...peerRoutes,
    ...keyRoutes,
    ...storageRoutes,
    ...recordRoutes,
    ...classificationRoutes,
  ],
  migrations: [spillTables, fileSpills],
  needs,
  async tick(services) {
    await tellKeyChanges(services)
    await tellDamage(services)
    await recordSpills(services)
  },
  navigation: [
    { href: '/peers', label: 'administration.peers.title', permission: 'peers:manage', order: 80, group: 'house' },
    {
      href: '/classification',
      label: 'administration.classification.title',
      permission: 'classification:manage',
      order: 85,
      group: 'house',
    },
    { href: '/people', label: 'administration.title', permission: 'people:manage', order: 90, group: 'house' },
  ],
}
