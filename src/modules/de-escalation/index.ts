import type { Module } from '../../core/module/types.ts'
import { pathRoutes } from './routes.tsx'

/** Where a case stands on the way from contact to cooperation, computed from what is on the record. */
export const deEscalation: Module = {
  name: 'de-escalation',
  routes: pathRoutes,
  async spaceActions(_services, viewer, space) {
    if (space.kind !== 'case' || !viewer.may('de-escalation:read')) return []
    return [{ label: 'de-escalation.title', method: 'GET', href: `/spaces/${space.id}/path` }]
  },
}
