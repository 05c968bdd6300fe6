import { z } from 'zod'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { getIncident } from '../incident.ts'
import { id } from '../input-fields.ts'
import type { Returned } from '../../frame/index.ts'
import { AlikePage } from './alike-page.tsx'
import { listAlike } from './list-alike.ts'
import { sayAlike } from './say-alike.ts'

const sayInput = z.object({ id, other: id, word: z.enum(['same', 'related', 'not-same']) })

/** Incidents that may be the same, and what a person says of each. */
export function alikeRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/alike',
      permission: 'incidents:read',
      summary: 'Incidents that may be the same, with every reason',
      async handle(visit) {
        if (!visit.wantsJson) return alikePage(visit)
        return { data: (await listAlike(visit.services, visit.viewer, idOf(visit))).map((one) => ({ ...one })) }
      },
    },
    formRoute(
      {
        path: 'alike',
        input: sayInput,
        to: '/alike',
        summary: 'Say whether two incidents are the same, related or not',
        again: alikePage as Again,
        evenMerged: true,
      },
      ({ services, viewer, input }, incident) => sayAlike(services, viewer, incident, input),
    ),
  ]
}

async function alikePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const all = visit.query.has('all')
  const alike = await listAlike(services, viewer, incident.id, { all })
  return {
    page: <AlikePage visit={visit} incident={incident} alike={alike} all={all} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}
