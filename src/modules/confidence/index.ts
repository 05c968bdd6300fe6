import type { Module } from '../../core/module/types.ts'
import { ownMeasures } from './own-results.ts'
import { confidenceRoutes } from './routes.tsx'

/** Confidence-building measures and the network of partners, both computed from what is on the record. */
export const confidence: Module = {
  name: 'confidence',
  routes: confidenceRoutes,
  ownResults: ownMeasures,
  navigation: [
    {
      href: '/confidence',
      label: 'confidence.navigation',
      permission: 'confidence:read',
      order: 55,
      group: 'undertakings',
    },
  ],
}
