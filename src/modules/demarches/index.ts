import type { Module } from '../../core/module/types.ts'
import { demarcheRecords } from './home-records.ts'
import { demarchesTables } from './migrations/0001-demarches.ts'
import { demarcheNeeds } from './needs.ts'
import { registered } from './registered.ts'
import { demarcheRoutes } from './routes.tsx'

/** Instructions to our missions, what they delivered orally, and what came home: records, and none becomes an act. */
export const demarches: Module = {
  name: 'demarches',
  migrations: [demarchesTables],
  registered,
  routes: demarcheRoutes,
  needs: demarcheNeeds,
  homeRecords: demarcheRecords,
  navigation: [
    {
      href: '/demarches',
      label: 'demarches.navigation',
      permission: 'demarches:read',
      order: 25,
      group: 'correspondence',
    },
  ],
}
