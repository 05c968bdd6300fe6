import type { Module } from '../../core/module/types.ts'
import { demarchesTables } from './migrations/0001-demarches.ts'
import { demarcheNeeds } from './needs.ts'
import { demarcheRoutes } from './routes.tsx'

/** Instructions to our missions, what they delivered orally, and what came home: records, and none becomes an act. */
export const demarches: Module = {
  name: 'demarches',
  migrations: [demarchesTables],
  routes: demarcheRoutes,
  needs: demarcheNeeds,
  navigation: [{ href: '/demarches', label: 'demarches.navigation', permission: 'demarches:read', order: 25 }],
}
