import { Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../../core/module/types.ts'
import { formRoute, idOf } from '../form-route.ts'
import type { Returned } from '../../frame/index.ts'
import { loadIncident, namesOf } from '../read/load-incident.ts'
import { AssessmentPage } from './assessment-page.tsx'
import * as inputs from './challenge-inputs.ts'
import { readAffected } from '../weigh/affected.ts'
import { listPlaced } from '../weigh/responsibility.ts'
import { readRested } from '../weigh/rested.ts'
import { lookAgainAt } from './look-again.ts'
import { askChallenge, minuteChallenge, readChallenges } from './challenges.ts'
import { moveDissent, recordDissent } from './write-dissents.ts'

/** One assessment: who disagrees with it, and whom it was put to. */
export function challengeRoutes(): Route[] {
  const back = ({ params }: Pick<Visit, 'params'>) => `/assessments/${params.assessment}`
  return [
    {
      method: 'GET',
      path: '/incidents/:incident/assessments/:assessment',
      permission: 'incidents:read',
      summary: 'One assessment with dissent and challenges',
      handle: (visit) => assessmentPage(visit),
    },
    formRoute(
      {
        path: 'assessments/:assessment/dissents',
        name: 'dissents',
        input: inputs.dissentInput,
        to: (_, visit) => `${back(visit)}#dissent`,
        summary: 'Disagree with an assessment',
        again: assessmentPage,
      },
      ({ services, viewer, params, input }, id) =>
        recordDissent(services, viewer, id, { ...input, assessment: params.assessment ?? '' }),
    ),
    formRoute(
      {
        path: 'assessments/:assessment/dissents/:dissent/steps',
        input: inputs.dissentStepInput,
        to: (_, visit) => `${back(visit)}#dissent`,
        summary: 'Answer a dissent, uphold it, or give it up',
        again: (visit, returned) =>
          assessmentPage(visit, returned && { ...returned, form: `dissent-${visit.params.dissent}` }),
      },
      ({ services, viewer, params, input }, id) =>
        moveDissent(services, viewer, id, { ...input, dissent: params.dissent ?? '' }),
    ),
    formRoute(
      {
        path: 'assessments/:assessment/look',
        name: 'look',
        input: inputs.lookInput,
        to: (_, visit) => `${back(visit)}#rests-on`,
        summary: 'Note why an assessment stands although items it rested on changed',
        again: assessmentPage,
      },
      ({ services, viewer, params, input }, id) =>
        lookAgainAt(services, viewer, id, { ...input, assessment: params.assessment ?? '' }),
    ),
    formRoute(
      {
        path: 'assessments/:assessment/challenges',
        name: 'challenges',
        input: inputs.challengeInput,
        to: (_, visit) => `${back(visit)}#challenge`,
        summary: 'Ask somebody to put an assessment to the test',
        again: assessmentPage,
      },
      ({ services, viewer, params, input }, id) =>
        askChallenge(services, viewer, id, { ...input, assessment: params.assessment ?? '' }),
    ),
    formRoute(
      {
        path: 'assessments/:assessment/challenges/:challenge/minute',
        input: inputs.minuteInput,
        to: (_, visit) => `${back(visit)}#challenge`,
        summary: 'Minute what came of a challenge',
        again: (visit, returned) =>
          assessmentPage(visit, returned && { ...returned, form: `challenge-${visit.params.challenge}` }),
        // Who was asked by name may answer, whatever else they may do.
        permission: 'incidents:read',
      },
      ({ services, viewer, params, input }, id) =>
        minuteChallenge(services, viewer, id, { ...input, challenge: params.challenge ?? '' }),
    ),
  ]
}

async function assessmentPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const loaded = await loadIncident(services, viewer, idOf(visit))
  const assessment = loaded.weighing.assessments.find(({ id }) => id === visit.params.assessment)
  if (!assessment) throw new Refusal('incidents.assessment-not-found')
  const [all, people, rested, [affected], placings] = await Promise.all([
    readChallenges(services, viewer, loaded.incident.id),
    services.people.list(),
    readRested(services, viewer, assessment.id),
    readAffected(services, viewer, { assessment: assessment.id }),
    listPlaced(services, viewer, loaded.incident.id),
  ])
  const placed = placings.findLast(({ hypothesis }) => hypothesis === assessment.hypothesis)
  const challenges = all.filter((one) => one.assessment === assessment.id)
  if (visit.wantsJson) return { data: { ...assessment, challenges, changed: affected?.changed ?? [] } }
  const lookers = await namesOf(services, affected?.looks.map(({ by }) => by) ?? [])
  return {
    page: (
      <AssessmentPage
        {...{ visit, loaded, assessment, challenges, people, rested, affected, placed, lookers, returned }}
      />
    ),
    ...(returned && { status: 422 }),
  }
}
