import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { countEvidenceFiles } from '../evidence-files/list-evidence-files.ts'
import { type Again, formRoute, idOf } from '../form-route.ts'
import { inSight } from '../need-to-know/in-sight.ts'
import type { Returned } from '../../frame/index.ts'
import { loadIncident } from '../read/load-incident.ts'
import { HypothesisPage } from './hypothesis-page.tsx'
import { readView } from './matrix-view.ts'
import { SensitivityPage } from './sensitivity-page.tsx'
import { GradePage } from './grade-page.tsx'
import type { Consistency, Lens } from './marks.ts'
import { addEvidence, regradeEvidence, withdrawEvidence } from './keep-evidence.ts'
import { addHypothesis, judgeHypothesis, moveHypothesis } from './keep-hypotheses.ts'
import { listPlaced, placeHypothesis } from './responsibility.ts'
import { listRegrades } from './regrades.ts'
import { recordAssessment } from './record-assessment.ts'
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
    {
      method: 'GET',
      path: '/incidents/:incident/weighing/sensitivity',
      permission: 'incidents:read',
      summary: 'What the order of hypotheses hangs on',
      async handle(visit) {
        const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
        return { page: <SensitivityPage visit={visit} loaded={loaded} /> }
      },
    },
    {
      method: 'GET',
      path: '/incidents/:incident/hypotheses/:hypothesis',
      permission: 'incidents:read',
      summary: 'One hypothesis against every item',
      handle: (visit) => hypothesisPage(visit),
    },
    formRoute(
      {
        path: 'hypotheses/:hypothesis/marks',
        name: 'marks',
        input: inputs.marksInput,
        to: '/weighing',
        summary: 'Mark items against one hypothesis',
        again: hypothesisPage,
      },
      async ({ services, viewer, params, input }, id) => {
        const marks = new Map(
          Object.entries(input).flatMap(([name, mark]) =>
            name.startsWith('mark-') && mark !== undefined
              ? [[Number(name.slice(5)), mark as Consistency] as const]
              : [],
          ),
        )
        await judgeHypothesis(services, viewer, id, { hypothesis: params.hypothesis ?? '', marks })
      },
    ),
    formRoute(
      {
        path: 'hypotheses/:hypothesis/move',
        name: 'move',
        input: inputs.moveInput,
        to: '/weighing',
        summary: 'Drop a hypothesis, take it up again, or join it to another',
        again: hypothesisPage,
      },
      ({ services, viewer, params, input }, id) =>
        moveHypothesis(services, viewer, id, { ...input, hypothesis: params.hypothesis ?? '' }),
    ),
    formRoute(
      {
        path: 'hypotheses/:hypothesis/responsibility',
        name: 'responsibility',
        input: inputs.placeInput,
        to: (_, visit) => `/hypotheses/${visit.params.hypothesis}#responsibility`,
        summary: 'Place a hypothesis on the spectrum of state responsibility',
        again: hypothesisPage,
      },
      ({ services, viewer, params, input }, id) =>
        placeHypothesis(services, viewer, id, { ...input, hypothesis: params.hypothesis ?? '' }),
    ),
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
          lens,
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
          ...(lens && { lens }),
          ...(identity && { sourceIdentity: { identity, deputy } }),
          marks,
        })
      },
    ),
    {
      method: 'GET',
      path: '/incidents/:incident/evidence/:evidence',
      permission: 'incidents:read',
      summary: 'One item, how its grade ran, and the form that grades it anew',
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
        const { reliability, credibility, why, lens } = visit.input
        await regradeEvidence(visit.services, visit.viewer, id, visit.params.evidence ?? '', {
          reliability: reliability as string,
          credibility: credibility as string,
          marks: await marksOf(visit, id),
          ...(why !== undefined && { why: why as string }),
          ...(lens !== undefined && { lens: lens as Lens }),
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
      ({ services, viewer, input: { sources, independence, assumptions, gaps, ...input } }, id) =>
        recordAssessment(services, viewer, id, { ...input, reasons: { sources, independence, assumptions, gaps } }),
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
  const loaded = await loadIncident(services, viewer, idOf(visit), { withAffected: true })
  const [people, files] = await Promise.all([
    services.people.list(),
    countEvidenceFiles(services, viewer, loaded.incident.id),
  ])
  return {
    page: <WeighingPage {...{ visit, loaded, returned, people, files, view: readView(visit.query) }} />,
    ...(returned && { status: 422 }),
  }
}

async function gradePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const item = loaded.weighing.evidence.find((one) => one.id === visit.params.evidence)
  if (!item) throw new Refusal('incidents.evidence-not-found')
  const [regrades, people] = await Promise.all([
    listRegrades(visit.services, visit.viewer, item.id),
    visit.services.people.list(),
  ])
  return {
    page: <GradePage {...{ visit, loaded, item, regrades, people, returned }} />,
    ...(returned && { status: 422 }),
  }
}

async function hypothesisPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const one = loaded.weighing.hypotheses.find(({ id }) => id === visit.params.hypothesis)
  if (!one) throw new Refusal('incidents.hypothesis-not-found')
  const placed = (await listPlaced(visit.services, visit.viewer, loaded.incident.id)).filter(
    ({ hypothesis }) => hypothesis === one.id,
  )
  return { page: <HypothesisPage {...{ visit, loaded, one, placed, returned }} />, ...(returned && { status: 422 }) }
}
