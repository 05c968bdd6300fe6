import type { Module } from '../../core/module/types.ts'
import { confidenceRoutes } from './routes.tsx'

/** Confidence-building measures and the network of partners, both computed from what is on the record. */
export const confidence: Module = {
  name: 'confidence',
  routes: confidenceRoutes,
  navigation: [{ href: '/confidence', label: 'confidence.navigation', permission: 'confidence:read', order: 55 }],
}
