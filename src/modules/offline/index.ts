import { addStatuses } from '../../core/http/index.ts'
import type { Module } from '../../core/module/types.ts'
import { offlineRoutes } from './routes.tsx'

addStatuses({ 'offline-off': 403 })

/** Pages that lie on devices of people of this house, and forms that wait there. */
export const offline: Module = { name: 'offline', routes: offlineRoutes }
