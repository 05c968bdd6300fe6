import type { VNode } from 'preact'
import type { z } from 'zod'
import { checkDated } from '../../core/dated-data/index.ts'
import { addStatuses, Refusal } from '../../core/http/index.ts'
import type { Answer, Permission, Route, Services, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { formRoute, type Returned } from '../frame/index.ts'
import { saveAnswers } from './answers.ts'
import { dossierRoutes } from './dossier-routes.tsx'
import { sanctionsFile } from './sanctions.ts'
import { measuresFile, rulesFile } from './catalogue.ts'
import { minuteDecision, writeReview } from './decisions.ts'
import * as inputs from './inputs.ts'
import { type LoadedOptions, loadOptions } from './load-options.ts'
import { legalPower, override, withdrawOverride } from './overrides.ts'
import { AnswersPage } from './pages/answers-page.tsx'
import { DecidePage } from './pages/decide-page.tsx'
import { DecisionPage } from './pages/decision-page.tsx'
import { GatePage } from './pages/gate-page.tsx'
import { MeasurePage } from './pages/measure-page.tsx'
import { OptionsPage } from './pages/options-page.tsx'
import { writeSheet } from './sheets.ts'
import type { SheetContent } from './types.ts'

const path = '/incidents/:incident/options'

/** Options of an incident: read by whoever reads it, written by its desk, set aside by legal advisers. */
export function responseRoutes(services: Services): Route[] {
  // A node does not start on rules that nobody can read.
  checkDated(services, [rulesFile, measuresFile, sanctionsFile])
  addStatuses({ 'dated-data.faulty': 500 })
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:read',
      summary: 'Options of an incident, with every reason against one',
      async handle(visit) {
        const loaded = await load(visit)
        return visit.wantsJson ? { data: optionsData(loaded) } : { page: <OptionsPage visit={visit} loaded={loaded} /> }
      },
    },
    ...formPair(
      {
        at: 'answers',
        permission: 'incidents:draft',
        input: inputs.answersInput,
        summary: 'Answer what the gate asks',
        page: (visit, loaded, returned) => <AnswersPage visit={visit} loaded={loaded} returned={returned} />,
      },
      async ({ services, viewer, input: { id, why, ...answers } }, loaded) => {
        const whole = Object.fromEntries(
          loaded.catalogue.rules.questions.map((question) => [question.id, (answers[question.id] as string) ?? '']),
        )
        await saveAnswers(services, viewer, loaded.incident.id, { id, why, answers: whole })
        return '#gate'
      },
    ),
    ...formPair(
      {
        at: 'gate',
        permission: legalPower,
        input: inputs.overrideInput,
        summary: 'Set the legal gate aside, with a reason',
        page: (visit, loaded, returned) => <GatePage visit={visit} loaded={loaded} returned={returned} />,
      },
      async ({ services, viewer, input: { override: chosen, ...rest } }, { incident }) => {
        const [target = '', gives = ''] = chosen.split(':')
        await override(services, viewer, incident.id, { ...rest, target, gives })
        return '#gate'
      },
    ),
    {
      method: 'POST',
      path: `${path}/overrides/:override/withdraw`,
      permission: legalPower,
      summary: 'Take back what was set aside',
      async handle({ services, viewer, params, ...visit }) {
        const incident = idOf({ params })
        await withdrawOverride(services, viewer, incident, params.override ?? '')
        return {
          redirect: `/incidents/${incident}/options#gate`,
          notice: 'response.notice.saved',
          ...(visit.wantsJson && { data: {} }),
        }
      },
    },
    ...formPair(
      {
        at: 'measures/:measure',
        permission: 'incidents:draft',
        reads: 'incidents:read',
        input: inputs.sheetInput,
        summary: 'One measure and its sheet on proportion',
        page: (visit, loaded, returned) => (
          <MeasurePage visit={visit} loaded={loaded} measure={measureOf(visit, loaded)} returned={returned} />
        ),
      },
      async (visit, loaded) => {
        const measure = measureOf(visit, loaded)
        const content = sheetContent(visit.input, loaded)
        await writeSheet(visit.services, visit.viewer, loaded.incident.id, {
          id: visit.input.id,
          measure: measure.id,
          content,
        })
        return `/measures/${measure.id}#sheet`
      },
    ),
    ...formPair(
      {
        at: 'decide',
        permission: 'incidents.response:release',
        input: inputs.decisionInput,
        summary: 'Minute a decision on the options',
        page: (visit, loaded, returned) => <DecidePage visit={visit} loaded={loaded} returned={returned} />,
      },
      async ({ services, viewer, input }, { incident }) => {
        await minuteDecision(services, viewer, incident.id, input)
        return '#decisions'
      },
    ),
    ...decisionRoutes(),
    ...dossierRoutes(),
  ]
}

function decisionRoutes(): Route[] {
  const at = `${path}/decisions/:decision`
  const show = async (visit: Visit, returned?: Returned): Promise<Answer> => {
    const loaded = await load(visit)
    const decision = loaded.decisions.find(({ id }) => id === visit.params.decision)
    if (!decision) throw new Refusal('response.decision-not-found')
    if (visit.wantsJson) return { data: decision }
    return {
      page: <DecisionPage visit={visit} loaded={loaded} decision={decision} returned={returned} />,
    }
  }
  return [
    {
      method: 'GET',
      path: at,
      permission: 'incidents:read',
      summary: 'A decision as minuted',
      handle: (visit) => show(visit),
    },
    formRoute(
      {
        path: `${at}/review`,
        permission: 'incidents:draft',
        input: inputs.reviewInput,
        summary: 'Look back on a decision',
        notice: 'response.notice.saved',
        again: show,
      },
      async (visit) => {
        const { id, nextOn, ...findings } = visit.input
        const incident = idOf(visit)
        const decision = visit.params.decision ?? ''
        await writeReview(visit.services, visit.viewer, incident, {
          id,
          decision,
          findings: findings as Record<string, string>,
          ...(nextOn !== undefined && { nextOn }),
        })
        return { to: `/incidents/${incident}/options/decisions/${decision}#review`, data: { id } }
      },
    ),
  ]
}

/** A malformed name is one that does not exist. */
function idOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

const load = (visit: Visit) => loadOptions(visit.services, visit.viewer, idOf(visit))

function measureOf({ params }: Pick<Visit, 'params'>, { catalogue }: LoadedOptions) {
  const found = catalogue.measures.find(({ id }) => id === params.measure)
  if (!found) throw new Refusal('response.measure-not-found')
  return found
}

interface FormPage<S extends z.ZodType> {
  at: string
  permission: Permission
  /** Who may see it, if not only those who may write. */
  reads?: Permission
  input: S
  summary: string
  page(visit: Visit, loaded: LoadedOptions, returned?: Returned): VNode
}

/** A page with one form, and the form: wrong input and expected refusals bring it back with everything typed. */
function formPair<S extends z.ZodType>(
  { at, permission, reads = permission, input, summary, page }: FormPage<S>,
  act: (visit: Visit<z.infer<S>>, loaded: LoadedOptions) => Promise<string>,
): Route[] {
  const show = async (visit: Visit, returned?: Returned): Promise<Answer> => ({
    page: page(visit, await load(visit), returned),
  })
  return [
    { method: 'GET', path: `${path}/${at}`, permission: reads, summary, handle: (visit) => show(visit) },
    formRoute(
      { path: `${path}/${at}`, permission, input, summary, notice: 'response.notice.saved', again: show },
      async (visit) => `/incidents/${idOf(visit)}/options${await act(visit, await load(visit))}`,
    ),
  ]
}

function sheetContent(input: z.infer<typeof inputs.sheetInput>, { catalogue }: LoadedOptions): SheetContent {
  const { proportionate = '', escalation = '', rights = '', reviewOn = '' } = input
  const given = (name: string) => String((input as Record<string, unknown>)[name] ?? '').trim()
  return {
    factors: Object.fromEntries(
      catalogue.rules.factors.map((factor) => [
        factor,
        { degree: given(`${factor}-degree`), why: given(`${factor}-why`) },
      ]),
    ),
    proportionate,
    proportionateWhy: input.proportionateWhy,
    escalation,
    audience: input.audience,
    partners: input.partners,
    reviewOn,
    rights,
    rightsWhy: input.rightsWhy,
    gender: input.gender,
    third: input.third,
  }
}

/** What the page shows, as data. */
function optionsData({ gate, options, answers, overrides, decisions, others, catalogue }: LoadedOptions) {
  return {
    gate,
    options,
    answers: [...answers.values()],
    overrides,
    decisions,
    others,
    rules: catalogue.files.map(({ content: { dated, source, unconfirmed }, own, path }) => ({
      path,
      own,
      dated,
      source,
      unconfirmed,
    })),
  }
}
