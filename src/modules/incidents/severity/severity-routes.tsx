import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { getIncident, getOpenIncident } from '../incident.ts'
import { id } from '../input-fields.ts'
import type { Returned } from '../pages/parts.tsx'
import { assessSeverity, listAssessments } from './assess.ts'
import { AssessPage } from './assess-page.tsx'
import { computeSeverity } from './compute.ts'
import { readSchemes } from './read-schemes.ts'
import { SeverityPage } from './severity-page.tsx'

const path = '/incidents/:incident/severity'
// Questions come from the file of the scheme.
const assessInput = z.object({ id, why: z.string().trim().min(1).max(2_000) }).catchall(z.string().max(40))

/** How severe an incident is under each scheme of the house, side by side. */
export function severityRoutes(services: Services): Route[] {
  // A node does not start on schemes that nobody can read.
  readSchemes(services)
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Severity of an incident under each scheme, with every answer and what it adds',
      async handle(visit) {
        const incident = await getIncident(visit.services, visit.viewer, idOf(visit))
        const assessments = await listAssessments(visit.services, visit.viewer, incident.id)
        const schemes = readSchemes(visit.services)
        if (visit.wantsJson) {
          const data = schemes.schemes.map((scheme) => ({
            scheme: scheme.id,
            dated: scheme.dated,
            unconfirmed: scheme.unconfirmed,
            today: computeSeverity(scheme, assessments.find((one) => one.scheme === scheme.id)?.answers ?? {}),
          }))
          return { data: { shown: schemes.shown.id, schemes: data, assessments } }
        }
        const names = await namesOf(visit.services, assessments)
        return { page: <SeverityPage {...{ visit, incident, assessments, schemes, names }} /> }
      },
    },
    {
      method: 'GET',
      path: `${path}/:scheme`,
      permission: 'incidents:draft',
      summary: 'Form with the questions of one scheme',
      handle: (visit) => assessPage(visit),
    },
    formRoute(
      {
        path: 'severity/:scheme',
        name: 'severity',
        input: assessInput,
        to: '/severity',
        summary: 'Answer the questions of one scheme',
        again: assessPage as Again,
      },
      ({ services, viewer, params, input: { id: own, why, ...answers } }, incident) =>
        assessSeverity(services, viewer, incident, { id: own, why, answers, scheme: params.scheme ?? '' }),
    ),
  ]
}

async function namesOf({ people }: Services, assessments: readonly { by: string }[]): Promise<Map<string, string>> {
  const found = await Promise.all([...new Set(assessments.map(({ by }) => by))].map((one) => people.find(one)))
  return new Map(found.flatMap((one) => (one ? [[one.id, one.name] as const] : [])))
}

async function assessPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer, params } = visit
  const incident = await getOpenIncident(services, viewer, idOf(visit))
  const schemes = readSchemes(services)
  const scheme = schemes.find(params.scheme ?? '')
  if (!scheme) throw new Refusal('incidents.no-such-scheme')
  const last = (await listAssessments(services, viewer, incident.id)).find((one) => one.scheme === scheme.id)
  const file = schemes.fileOf(scheme)
  return {
    page: <AssessPage {...{ visit, incident, scheme, file, last, returned }} />,
    ...(returned && { status: 422 }),
  }
}
