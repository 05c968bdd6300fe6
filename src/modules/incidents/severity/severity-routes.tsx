import { z } from 'zod'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Answer, Json, Route, Services, Visit } from '../../../core/module/types.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { getIncident, getOpenIncident } from '../incident.ts'
import { id, line, pastDay } from '../input-fields.ts'
import type { Returned } from '../../frame/index.ts'
import { assessSeverity, listAssessments } from './assess.ts'
import { AssessPage } from './assess-page.tsx'
import { computeSeverity } from './compute.ts'
import { readMapping } from './read-mapping.ts'
import { readSchemes } from './read-schemes.ts'
import { SeverityPage } from './severity-page.tsx'
import { listTold, noteTold } from './told.ts'

const path = '/incidents/:incident/severity'
// Questions come from the file of the scheme.
const assessInput = z.object({ id, why: z.string().trim().min(1).max(2_000) }).catchall(z.string().max(40))

const toldInput = z.object({
  id,
  teller: line(200),
  /** `scale:level`. */
  said: z.string().regex(/^[a-z0-9-]{1,40}:[a-z0-9-]{1,40}$/),
  toldOn: pastDay,
  source: line(600),
})

/** How severe an incident is under each scheme of the house, side by side. */
export function severityRoutes(services: Services): Route[] {
  // A node does not start on schemes that nobody can read.
  readMapping(services)
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Severity of an incident under each scheme, with every answer and what it adds',
      handle: (visit) => severityPage(visit),
    },
    formRoute(
      {
        path: 'severity-told',
        input: toldInput,
        to: '/severity#told',
        summary: 'Write down which severity another party told, in their scale',
        again: severityPage as Again,
      },
      ({ services: given, viewer, input: { said, ...told } }, incident) => {
        const [scale = '', level = ''] = said.split(':')
        return noteTold(given, viewer, incident, { ...told, scale, level })
      },
    ),
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

async function severityPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const [assessments, told] = await Promise.all([
    listAssessments(services, viewer, incident.id),
    listTold(services, viewer, incident.id),
  ])
  const schemes = readSchemes(services)
  if (visit.wantsJson) {
    const data = schemes.schemes.map((scheme) => ({
      scheme: scheme.id,
      dated: scheme.dated,
      unconfirmed: scheme.unconfirmed,
      today: computeSeverity(scheme, assessments.find((one) => one.scheme === scheme.id)?.answers ?? {}),
    }))
    return { data: { shown: schemes.shown.id, schemes: data, assessments, told } as unknown as Json }
  }
  const names = await namesOf(services, [...assessments.map(({ by }) => by), ...told.flatMap(({ by }) => by ?? [])])
  const mapping = readMapping(services)
  return {
    page: <SeverityPage {...{ visit, incident, assessments, schemes, mapping, told, names, returned }} />,
    ...(returned && { status: 422 }),
  }
}

async function namesOf({ people }: Services, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all([...new Set(ids)].map((one) => people.find(one)))
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
