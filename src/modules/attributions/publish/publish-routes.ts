import { Refusal } from '../../../core/http/refusal.ts'
import type { Route } from '../../../core/module/types.ts'
import { getIncident } from '../../incidents/index.ts'
import { incidentOf, path } from '../form-route.ts'
import { findStatement } from '../release/statements.ts'
import { drillNames, openBulletin } from './bulletin.ts'
import { publishedOf } from './find-published.ts'

/** From words released for everybody to a draft of the act that says them. */
export function publishRoutes(): Route[] {
  return [
    {
      method: 'POST',
      path: `${path}/statements/:statement/sign`,
      permission: 'attributions.attribution-stated:draft',
      summary: 'Begin the act that says released words to everybody, in a space with nobody else',
      async handle({ services, viewer, params }) {
        const incident = await getIncident(services, viewer, incidentOf({ params }))
        const statement = await findStatement(services, incident.id, params.statement ?? '')
        if (statement.level !== 'public' || statement.state !== 'released')
          throw new Refusal('attributions.statement-not-found')
        const begun = (await publishedOf(services.db, [statement.id])).get(statement.id)
        if (begun?.row) return { redirect: `/spaces/${begun.space}/acts/${begun.row.hash}` }
        if (begun && (await services.drafts.find(begun.draft))) return { redirect: `/drafts/${begun.draft}/review` }
        const drill = incident.drill && (await drillNames(services, viewer, [incident.id])).get(incident.id)
        if (incident.drill && !drill) throw new Refusal('attributions.drill-without-space')
        const { id } = await openBulletin(services, viewer, drill || undefined)
        return { redirect: `/spaces/${id}/write/attributions.attribution-stated?statement=${statement.id}` }
      },
    },
  ]
}
