import { z } from 'zod'
import { isId } from '../../../protocol/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import { formRoute, idOf } from '../form-route.ts'
import { getIncident } from '../incident.ts'
import { id, line } from '../input-fields.ts'
import type { Returned } from '../../frame/index.ts'
import { changeSource, findSource } from './change-source.ts'
import { SourcePage } from './source-page.tsx'

const person = z.string().regex(/^[\w.-]{1,64}$/)
const handlerInput = z.object({ id, handler: person, handlerWhy: line(600) })
const deputyInput = z.object({ id, deputy: z.union([z.literal(''), person]).optional(), deputyWhy: line(600) })
const at = 'evidence/:evidence/source'

/** Who handles a source, and how that is handed on. */
export function sourceRoutes(): Route[] {
  const common = { to: '/weighing', again: sourcePage }
  return [
    {
      method: 'GET',
      path: `/incidents/:incident/${at}`,
      permission: 'incidents:read',
      summary: 'The source of an item of evidence, for whoever handles it',
      handle: (visit) => sourcePage(visit),
    },
    formRoute(
      { ...common, path: `${at}/handler`, input: handlerInput, summary: 'Hand a source over to another person' },
      ({ services, viewer, input, params }, incident) =>
        changeSource(services, viewer, incident, evidenceOf({ params }), {
          id: input.id,
          kind: 'handler',
          who: input.handler,
          why: input.handlerWhy,
        }),
    ),
    formRoute(
      { ...common, path: `${at}/deputy`, input: deputyInput, summary: 'Name another deputy for a source' },
      ({ services, viewer, input, params }, incident) =>
        changeSource(services, viewer, incident, evidenceOf({ params }), {
          id: input.id,
          kind: 'deputy',
          ...(input.deputy && { who: input.deputy }),
          why: input.deputyWhy,
        }),
    ),
  ]
}

function evidenceOf({ params }: Pick<Visit, 'params'>): string {
  const { evidence = '' } = params
  if (!isId(evidence)) throw new Refusal('incidents.evidence-not-found')
  return evidence
}

async function sourcePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, idOf(visit))
  const evidence = evidenceOf(visit)
  const source = await findSource(services, viewer, incident.id, evidence)
  const people = await services.people.list()
  return {
    page: <SourcePage {...{ visit, incident, evidence, source, people, returned }} />,
    ...(returned && { status: 422 }),
  }
}
