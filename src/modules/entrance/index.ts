import type { Module } from '../../core/module/types.ts'
import { accountRoutes } from './account-routes.tsx'
import { setUp } from './migrations/0001-set-up.ts'
import { pageTestRoutes } from './page-test-routes.tsx'
import type { SetUpContext } from './set-up/context.ts'
import { setUpRoutes } from './set-up-routes.tsx'
import { signInRoutes } from './sign-in-routes.tsx'
import './tables.ts'

export { applyHousehold, type Household, householdSchema } from './set-up/apply-household.ts'
export { foundFromFile, type PartyFile, partySchema } from './set-up/found-from-household.ts'
export type { BackupDoor, SetUpContext, SetUpServices } from './set-up/context.ts'
export { LinksShown, PersonFields, type ShownLink } from './pages/people-steps.tsx'
export { fieldLabels } from './field-labels.ts'
export { nameIn } from './name-in.ts'
export { enterSetUp, maySetUp, openSetUp } from './set-up/set-up-link.ts'
export { setUpRoutes } from './set-up-routes.tsx'

/** Signing in and out, one's own account, and set-up as long as it is open. */
export function createEntrance(options: Pick<SetUpContext, 'backups'> = {}): Module {
  return {
    name: 'entrance',
    migrations: [setUp],
    routes: (services) => [
      ...signInRoutes,
      ...accountRoutes,
      ...pageTestRoutes,
      ...setUpRoutes({ services, ...options }),
    ],
  }
}

export const entrance: Module = createEntrance()
