import type { Route } from '../../../core/module/types.ts'
import { idOf } from '../form-route.ts'
import { getIncident, getOpenIncident } from '../incident.ts'
import { publishChange } from '../write-entry.ts'
import { bundleTopic } from './begin-bundle.ts'
import { BundlePage } from './bundle-page.tsx'
import { getBundle } from './list-bundles.ts'
import { stopBundle } from './take-in-bundle.ts'

/** The course of a bundle that a job reads. */
export function bundleRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/bundles/:bundle',
      permission: 'incidents:read',
      summary: 'A bundle that is taken in: how far it is, what came in, what is wrong in it',
      async handle(visit) {
        const { services, viewer, params } = visit
        const incident = await getIncident(services, viewer, idOf(visit))
        const bundle = await getBundle(services, viewer, incident.id, params.bundle ?? '')
        if (visit.wantsJson)
          return { data: { ...bundle, refused: bundle.refused ? { ...bundle.refused } : null } as never }
        const by = (await services.people.find(bundle.by))?.name ?? bundle.by
        return { page: <BundlePage {...{ visit, incident, bundle, by }} /> }
      },
    },
    {
      method: 'POST',
      path: '/incidents/:incident/bundles/:bundle/stop',
      permission: 'incidents:draft',
      summary: 'Stop reading a bundle; nothing of it comes in',
      async handle(visit) {
        const { services, viewer, params } = visit
        const incident = await getOpenIncident(services, viewer, idOf(visit))
        const { id } = await getBundle(services, viewer, incident.id, params.bundle ?? '')
        await services.db.transaction().execute((tx) => stopBundle(services, tx, id))
        services.live.publish(bundleTopic(id))
        publishChange(services, incident.id)
        return { redirect: `/incidents/${incident.id}/bundles/${id}`, data: { id } }
      },
    },
  ]
}
