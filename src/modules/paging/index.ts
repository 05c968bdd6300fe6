import { climbChains } from '../../core/paging/index.ts'
import type { Module } from '../../core/module/types.ts'
import { pagingRoutes } from './routes.tsx'

/** How people of this house are paged beyond notice and mail: push, SMS, voice. */
export const paging: Module = {
  name: 'paging',
  routes: pagingRoutes,
  tick: climbChains,
}
