import { z } from 'zod'
import { Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { getIncident, listLinkedSpaces } from '../incidents/index.ts'
import { titleOf } from '../spaces/index.ts'
import type { Returned } from '../frame/index.ts'
import { ReviewPage } from './pages/review-page.tsx'
import { RunPage } from './pages/run-page.tsx'
import { RunsPage } from './pages/runs-page.tsx'
import { form } from './plan-routes.tsx'
import { readClearances } from './plan/clear-text.ts'
import { loadNames } from './plan/load-names.ts'
import * as inputs from './plan/plan-inputs.ts'
import type { ListedPlan } from './plan/read-plans.ts'
import { plansFor } from './plan/trigger.ts'
import { assignRole, markStep, moveRun, startRun, startUnapproved } from './run/keep-run.ts'
import { readLessons, writeLesson } from './run/lessons.ts'
import { getRun, readRuns } from './run/read-runs.ts'
import { loadHolders } from './run/taken.ts'

const path = '/incidents/:incident/plans'

/** Words of a step, in a field named after it: many such forms stand on one page. */
const withOwnWords = (typed: unknown) => renamed(typed, 'words', 'step')
/** The same with the annexes of one plan. */
const withOwnAnnexes = (typed: unknown) => renamed(typed, 'annexes', 'plan')

/** And with the reason that was typed for it. */
const withOwnReason = (typed: unknown) => renamed(withOwnAnnexes(typed), 'reason', 'plan')

function renamed(typed: unknown, field: string, of: string): unknown {
  if (typeof typed !== 'object' || typed === null) return typed
  const given = typed as Record<string, unknown>
  const own = given[`${field}-${String(given[of])}`]
  return own === undefined ? given : { ...given, [field]: own }
}

/** Plans at work in an incident. */
export function runRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Response plans of an incident: running, suggested, others',
      handle: (visit) => list(visit),
    },
    {
      method: 'GET',
      path: `${path}/:run`,
      permission: 'incidents:read',
      summary: 'A response plan at work in an incident',
      handle: (visit) => one(visit),
    },
    {
      method: 'GET',
      path: `${path}/:run/review`,
      permission: 'incidents:read',
      summary: 'Looking back on a response plan at work',
      handle: (visit) => review(visit),
    },
    form(
      path,
      'start',
      z.preprocess(withOwnAnnexes, inputs.startInput),
      'Start a response plan in an incident',
      list,
      async (visit) => {
        const incident = incidentOf(visit)
        return `/incidents/${incident}/plans/${await startRun(visit.services, visit.viewer, incident, visit.input)}`
      },
    ),
    form(
      `${path}/emergency`,
      'emergency',
      z.preprocess(withOwnReason, inputs.emergencyInput),
      'Start a response plan that nobody approved, in an emergency',
      (visit, { errors: { reason, ...errors }, ...returned }) =>
        list(visit, { ...returned, errors: reason ? { ...errors, [`reason-${visit.values?.plan}`]: reason } : errors }),
      async (visit) => {
        const incident = incidentOf(visit)
        return `/incidents/${incident}/plans/${await startUnapproved(visit.services, visit.viewer, incident, visit.input)}`
      },
      'preparedness.emergency:release',
    ),
    form(
      `${path}/:run/steps`,
      'mark',
      z.preprocess(withOwnWords, inputs.markInput),
      'Say of a step that it is done, goes otherwise, or is open again',
      one,
      async (visit) => {
        await markStep(visit.services, visit.viewer, placeOf(visit), visit.input)
        return `${runPath(visit)}#step-${visit.input.step}`
      },
    ),
    form(`${path}/:run/roles`, 'assign', inputs.assignInput, 'Assign a role of a run', one, async (visit) => {
      const names = await loadNames(visit)
      if (names.holder(visit.input.who) === undefined)
        throw new Refusal('preparedness.no-such-holder', { field: 'who' })
      await assignRole(visit.services, visit.viewer, placeOf(visit), visit.input)
      return `${runPath(visit)}#roles`
    }),
    form(
      `${path}/:run/move`,
      'move',
      inputs.moveInput,
      'Move a run over to the version in force',
      one,
      async (visit) => {
        await moveRun(visit.services, visit.viewer, placeOf(visit), visit.input)
        return runPath(visit)
      },
    ),
    form(`${path}/:run/lessons`, 'lesson', inputs.lessonInput, 'Write a lesson of a run', review, async (visit) => {
      await writeLesson(visit.services, visit.viewer, placeOf(visit), visit.input)
      return `${runPath(visit)}/review#lessons`
    }),
  ]
}

function incidentOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

const placeOf = (visit: Pick<Visit, 'params'>) => ({ incident: incidentOf(visit), run: visit.params.run ?? '' })
const runPath = (visit: Pick<Visit, 'params'>) => `/incidents/${incidentOf(visit)}/plans/${visit.params.run}`

async function list(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, incidentOf(visit))
  const [runs, plans] = await Promise.all([
    readRuns(services, viewer, { incident: incident.id }),
    plansFor(services, viewer, incident),
  ])
  const running = new Set(runs.map(({ plan }) => plan.id))
  const idle = (list: readonly ListedPlan[]) => list.filter(({ id }) => !running.has(id))
  const { suggested, others, unapproved, isAssessed } = plans
  const offered = { suggested: idle(suggested), others: idle(others), unapproved: idle(unapproved), isAssessed }
  if (visit.wantsJson) {
    const named = ({ id, inForce }: ListedPlan) => ({ id, number: inForce?.number })
    const lists = { suggested: offered.suggested.map(named), others: offered.others.map(named) }
    return { data: { runs: runs.map(dataOf), ...lists, unapproved: offered.unapproved.map(named) } }
  }
  return {
    page: <RunsPage visit={visit} incident={incident} runs={runs} offered={offered} returned={returned} />,
  }
}

/** A run without the whole plan around it. */
const dataOf = ({ plan, content: _content, ...run }: Awaited<ReturnType<typeof getRun>>) => ({ ...run, plan: plan.id })

async function load(visit: Visit) {
  const { services, viewer } = visit
  const incident = await getIncident(services, viewer, incidentOf(visit))
  const run = await getRun(services, viewer, incident.id, visit.params.run ?? '')
  return { incident, run, names: await loadNames(visit) }
}

async function one(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await load(visit)
  if (visit.wantsJson) return { data: dataOf(loaded.run) }
  const [clearances, spaces, present] = await Promise.all([
    readClearances(visit.services, loaded.run.plan.id),
    listLinkedSpaces(visit.services, visit.viewer, loaded.incident.id),
    loadHolders(visit.services),
  ])
  return {
    page: (
      <RunPage
        visit={visit}
        {...loaded}
        clearances={clearances}
        present={present}
        spaces={spaces.map((space) => ({ id: space.id, title: titleOf(space, visit.language) }))}
        returned={returned}
      />
    ),
  }
}

async function review(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await load(visit)
  const lessons = await readLessons(visit.services, visit.viewer, { run: loaded.run.id })
  if (visit.wantsJson) return { data: lessons }
  return { page: <ReviewPage visit={visit} {...loaded} lessons={lessons} returned={returned} /> }
}
