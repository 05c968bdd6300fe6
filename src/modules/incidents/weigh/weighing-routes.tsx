import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { countEvidenceFiles } from '../evidence-files/list-evidence-files.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import type { Returned } from '../pages/parts.tsx'
import { loadIncident } from '../read/load-incident.ts'
import { GradePage } from './grade-page.tsx'
import type { Consistency } from './ranking.ts'
import { addEvidence, addHypothesis, recordAssessment, regradeEvidence, withdrawEvidence } from './weigh-hypotheses.ts'
import * as inputs from './weighing-inputs.ts'
import { WeighingPage } from './weighing-page.tsx'

/** Hypotheses against evidence: the page and its forms. */
export function weighingRoutes(): Route[] {
  const again: Again = weighingPage
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/weighing',
      permission: 'incidents:read',
      summary: 'Hypotheses and evidence',
      handle: (visit) => weighingPage(visit),
    },
    formRoute(
      { path: 'hypotheses', input: inputs.hypothesisInput, to: '/weighing', summary: 'Add a hypothesis', again },
      ({ services, viewer, input }, id) =>
        addHypothesis(services, viewer, id, { id: input.id, words: input.statement }),
    ),
    formRoute(
      {
        path: 'evidence',
        input: inputs.evidenceInput,
        to: '/weighing',
        summary: 'Add evidence, graded and marked',
        again,
      },
      async (visit, id) => {
        const {
          words,
          source,
          reliability,
          credibility,
          tlp,
          stixId,
          compartment,
          identity,
          deputy,
          id: item,
        } = visit.input
        const marks = await marksOf(visit, id)
        await addEvidence(visit.services, visit.viewer, id, {
          id: item as string,
          words,
          source,
          reliability,
          credibility,
          tlp,
          stixId,
          compartment,
          ...(identity && { sourceIdentity: { identity, deputy } }),
          marks,
        })
      },
    ),
    {
      method: 'GET',
      path: '/incidents/:incident/evidence/:evidence',
      permission: 'incidents:draft',
      summary: 'Form that grades evidence anew',
      handle: (visit) => gradePage(visit),
    },
    formRoute(
      {
        path: 'evidence/:evidence/grade',
        name: 'grade',
        input: inputs.gradeInput,
        to: '/weighing',
        summary: 'Grade evidence anew',
        again: gradePage,
      },
      async (visit, id) => {
        const { reliability, credibility } = visit.input
        await regradeEvidence(visit.services, visit.viewer, id, visit.params.evidence ?? '', {
          reliability: reliability as string,
          credibility: credibility as string,
          marks: await marksOf(visit, id),
        })
      },
    ),
    formRoute(
      {
        path: 'evidence/:evidence/withdraw',
        to: '/weighing',
        summary: 'Take evidence out of the weighing',
        again: gradePage,
      },
      ({ services, viewer, params }, id) => withdrawEvidence(services, viewer, id, params.evidence ?? ''),
    ),
    formRoute(
      {
        path: 'assessments',
        input: inputs.assessmentInput,
        to: '/weighing#history',
        summary: 'Record an assessment',
        again,
      },
      ({ services, viewer, input }, id) => recordAssessment(services, viewer, id, input),
    ),
  ]
}

/** Marks by the number of the hypothesis, as forms name them, put under its id. */
async function marksOf(
  { services, viewer, input }: Visit<Record<string, unknown>>,
  incident: string,
): Promise<Record<string, Consistency>> {
  const hypotheses = await services.db
    .selectFrom('home.incidents_hypothesis')
    .select(['id', 'number'])
    .where(inSight(services, viewer))
    .where('incident', '=', incident)
    .execute()
  return Object.fromEntries(
    hypotheses.flatMap(({ id, number }) => {
      const mark = input[`mark-${number}`]
      return mark === undefined ? [] : [[id, mark as Consistency]]
    }),
  )
}

async function weighingPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const loaded = await loadIncident(services, viewer, idOf(visit))
  const [people, files] = await Promise.all([
    services.people.list(),
    countEvidenceFiles(services, viewer, loaded.incident.id),
  ])
  return {
    page: <WeighingPage {...{ visit, loaded, returned, people, files }} />,
    ...(returned && { status: 422 }),
  }
}

async function gradePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const item = loaded.weighing.evidence.find((one) => one.id === visit.params.evidence && one.withdrawnAt === undefined)
  if (!item) throw new Refusal('incidents.evidence-not-found')
  return {
    page: <GradePage visit={visit} loaded={loaded} item={item} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}
