import type { z } from 'zod'
import { InvalidInput, Refusal } from '../../core/http/index.ts'
import { atHome, mayLeave, tlpRank } from '../../core/markings/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { listTexts } from '../agreements/index.ts'
import { type Again, formRoute, type Returned } from '../frame/index.ts'
import { incidentsNamed, openIncident, readSchemes } from '../incidents/index.ts'
import { titleOf } from '../spaces/index.ts'
import { PlanPage, type ShownPlan } from './pages/plan-page.tsx'
import { PlansPage } from './pages/plans-page.tsx'
import { HeadPage, ItemPage, OpenFromPage } from './pages/write-pages.tsx'
import { planSheet } from './plan-sheet.ts'
import { emptyPlan, withHead, withItem, withoutItem } from './plan/change-item.ts'
import { clearText, readClearances } from './plan/clear-text.ts'
import { type PlanPart, type PlanService, planParts } from './plan/content.ts'
import { inLargestUnit } from './plan/lengths.ts'
import { listHeldPlans } from './plan/held-plans.ts'
import { keyOf, loadNames } from './plan/load-names.ts'
import * as inputs from './plan/plan-inputs.ts'
import { getPlan, listPlans, type Plan } from './plan/read-plans.ts'
import { approvePlan, beginPlan, writePlan } from './plan/write-plan.ts'
import { startRun } from './run/keep-run.ts'
import { answerLesson, readLessons } from './run/lessons.ts'
import { readRuns } from './run/read-runs.ts'

/** Response plans: written in versions, approved by a second person, read on paper. */
export function planRoutes(): Route[] {
  const read = { permission: 'incidents:read' as const }
  return [
    {
      method: 'GET',
      path: '/plans',
      ...read,
      summary: 'Response plans',
      async handle(visit) {
        const plans = await listPlans(visit.services, visit.viewer)
        return visit.wantsJson ? { data: plans } : { page: <PlansPage visit={visit} plans={plans} /> }
      },
    },
    {
      method: 'GET',
      path: '/plans/write',
      permission: 'incidents:draft',
      summary: 'Form that begins a response plan',
      handle: (visit) => Promise.resolve({ page: <HeadPage visit={visit} /> }),
    },
    form('/plans', 'head', inputs.headInput, 'Begin a response plan', headPage, async (visit) => {
      requireLevel(visit.services, visit.input.trigger)
      await beginPlan(visit.services, visit.viewer, {
        id: visit.input.id,
        marking: visit.input.marking,
        content: withHead(emptyPlan, visit.input),
      })
      return `/plans/${visit.input.id}`
    }),
    {
      method: 'GET',
      path: '/plans/:plan',
      ...read,
      summary: 'A response plan, the version in force or one named in `version`',
      handle: (visit) => planPage(visit),
      keep: async ({ services, viewer, params, query }) =>
        query.size === 0 && (await listHeldPlans(services, viewer)).includes(params.plan ?? ''),
    },
    {
      method: 'GET',
      path: '/plans/:plan/pdf',
      ...read,
      summary: 'A response plan as a sheet to print',
      handle: (visit) => pdf(visit),
    },
    {
      method: 'GET',
      path: '/plans/:plan/write/:part',
      permission: 'incidents:draft',
      summary: 'Form of one part of a response plan',
      handle: (visit) => (visit.params.part === 'head' ? headPage(visit) : itemPage(visit)),
    },
    form(
      '/plans/:plan/write/head',
      'head',
      inputs.headInput,
      'Write the head of a response plan',
      headPage,
      async (visit) => {
        const { services, viewer, input } = visit
        requireLevel(services, input.trigger)
        await writePlan(services, viewer, planIdOf(visit), {
          id: input.id,
          seen: input.seen ?? '',
          marking: input.marking,
          to: (content) => withHead(content, input),
        })
        return `/plans/${planIdOf(visit)}?version=next`
      },
    ),
    ...planParts.flatMap((part) => [
      form(
        `/plans/:plan/write/${part}`,
        'item',
        inputs.itemInputs[part] as z.ZodType<z.output<(typeof inputs.itemInputs)[PlanPart]>>,
        `Write one of the ${part} of a response plan`,
        (visit, returned) => itemPage({ ...visit, params: { ...visit.params, part } }, returned),
        async (visit) => {
          await requireKnown(visit, part)
          await writePlan(visit.services, visit.viewer, planIdOf(visit), {
            id: visit.input.id,
            seen: visit.input.seen,
            to: (content) => withItem(content, part, visit.input),
          })
          return `/plans/${planIdOf(visit)}?version=next#${part}`
        },
      ),
      form(
        `/plans/:plan/remove/${part}`,
        'remove',
        inputs.removeInput,
        `Take one of the ${part} out of a response plan`,
        planPage,
        async (visit) => {
          await writePlan(visit.services, visit.viewer, planIdOf(visit), {
            id: visit.input.id,
            seen: visit.input.seen,
            to: (content) => withoutItem(content, part, visit.input.item),
          })
          return `/plans/${planIdOf(visit)}?version=next#${part}`
        },
      ),
    ]),
    form(
      '/plans/:plan/approve',
      'approve',
      inputs.seenInput,
      'Bring a response plan into force',
      planPage,
      async (visit) => {
        await approvePlan(visit.services, visit.viewer, planIdOf(visit), visit.input.seen)
        return `/plans/${planIdOf(visit)}`
      },
      'preparedness.plan:release',
    ),
    ...(
      [
        ['clear', 'preparedness.plan:release'],
        ['clear-legal', 'clearance.legal:release'],
      ] as const
    ).map(([path, permission]) =>
      form(
        `/plans/:plan/${path}`,
        'clear',
        inputs.clearInput,
        'Clear a text of a response plan',
        planPage,
        async (visit) => {
          await clearText(visit.services, visit.viewer, planIdOf(visit), visit.input)
          return `/plans/${planIdOf(visit)}?version=next#text-${visit.input.text}`
        },
        permission,
      ),
    ),
    form(
      '/plans/:plan/lessons',
      'answer',
      inputs.answerInput,
      'Take a lesson up or set it aside',
      planPage,
      async (visit) => {
        await answerLesson(visit.services, visit.viewer, planIdOf(visit), visit.input)
        return `/plans/${planIdOf(visit)}#lessons`
      },
    ),
    {
      method: 'GET',
      path: '/plans/:plan/open',
      permission: 'incidents:draft',
      summary: 'Form that opens an incident from a response plan',
      handle: (visit) => openPage(visit),
    },
    form(
      '/plans/:plan/open',
      'open',
      inputs.openFromInput,
      'Open an incident from a response plan',
      openPage,
      async (visit) => {
        const { services, viewer, input } = visit
        const plan = await getPlan(services, viewer, planIdOf(visit))
        if (plan.inForce?.number !== input.version) throw new Refusal('preparedness.newer-version')
        const incident = await openIncident(services, viewer, {
          id: input.id,
          title: input.title,
          summary: '',
          category: input.category,
          drill: input.drill,
          ceiling: 'RED',
          marking: requireAsNarrow(plan, input.marking),
          source: { kind: 'form' },
        })
        const { run, version, annexes } = input
        return `/incidents/${incident}/plans/${await startRun(services, viewer, incident, { id: run, plan: plan.id, version, annexes })}`
      },
    ),
  ]
}

/** A malformed name is one that does not exist. */
export function planIdOf({ params }: Pick<Visit, 'params'>): string {
  const { plan = '' } = params
  if (!isId(plan)) throw new Refusal('preparedness.plan-not-found')
  return plan
}

/** Said before the incident is opened: an incident without its plan would stand there. */
function requireAsNarrow({ inForce }: Plan, marking: Plan['latest']['marking']): Plan['latest']['marking'] {
  if (inForce && tlpRank(inForce.marking) > tlpRank(marking))
    throw new Refusal('preparedness.marking-above-incident', { field: 'marking' })
  return marking
}

function requireLevel(services: Services, trigger: string): void {
  const [scheme = '', level = ''] = trigger.split(':')
  const known = readSchemes(services).find(scheme)
  if (trigger !== '' && !known?.levels.some(({ id }) => id === level))
    throw InvalidInput.at('trigger', 'preparedness.invalid.trigger')
}

/** What an item names outside the plan has to be there when it is written. */
async function requireKnown(
  visit: Visit<z.output<(typeof inputs.itemInputs)[PlanPart]>>,
  part: PlanPart,
): Promise<void> {
  const input = visit.input as Record<string, unknown>
  const names = await loadNames(visit)
  const wrong = (field: string) => InvalidInput.at(field, 'preparedness.invalid.not-there')
  if (part === 'roles')
    for (const field of ['who', 'deputy'])
      if (input[field] !== '' && names.holder(String(input[field])) === undefined) throw wrong(field)
  if (part === 'services' && names.holder(String(input.owner)) === undefined) throw wrong('owner')
  if (part === 'contacts' && !names.contacts.some((one) => keyOf(one) === input.contact)) throw wrong('contact')
  if (part !== 'annexes') return
  const { spaces, agreements } = await namable(visit)
  if (input.party === visit.services.party) throw wrong('party')
  if (
    input.space !== '' &&
    !spaces.some(({ id, members }) => id === input.space && members.includes(String(input.party)))
  )
    throw wrong('space')
  if (
    input.agreement !== '' &&
    !agreements.some(({ hash, space }) => hash === input.agreement && space === input.space)
  )
    throw wrong('agreement')
}

/** Spaces we are in and texts agreed there, for annexes. */
async function namable({ services, viewer, language }: Visit) {
  const spaces = (await services.ledger.list({ member: services.party })).filter(({ kind }) => kind !== 'register')
  const agreed = (await listTexts(services.db, { spaces: spaces.map(({ id }) => id) })).filter(
    ({ agreedAt, supersededBy }) => agreedAt !== undefined && supersededBy === undefined,
  )
  const contents = await revealedContents<unknown, { title?: Record<string, string> }>(
    services,
    viewer,
    agreed.map(({ hash }) => hash),
  )
  return {
    spaces: spaces.map((space) => ({
      id: space.id,
      title: titleOf(space, language),
      members: space.members.flatMap(({ party, until }) => (until === undefined ? [party] : [])),
    })),
    agreements: agreed.map(({ hash, space }) => {
      const title = contents.get(hash)?.text?.title
      return { hash, space, title: title?.[language] ?? title?.en ?? hash.slice(0, 12) }
    }),
  }
}

async function loadShown(visit: Visit): Promise<ShownPlan> {
  const { services, viewer, query } = visit
  const plan = await getPlan(services, viewer, planIdOf(visit))
  const asked = query.get('version')
  const version =
    asked === 'next'
      ? undefined
      : asked === null
        ? plan.inForce
        : plan.versions.find(({ number }) => String(number) === asked)
  if (asked !== null && asked !== 'next' && !version) throw new Refusal('preparedness.plan-not-found')
  const shown = version ?? plan.latest
  const number = plan.versions.find(({ id }) => id === shown.id)?.number
  const before = number === undefined ? plan.inForce : plan.versions.findLast((one) => one.number < number)
  const [names, clearances, lessons, runs] = await Promise.all([
    loadNames(visit),
    readClearances(services, plan.id),
    viewer.keeping ? [] : readLessons(services, viewer, { plan: plan.id }),
    viewer.keeping ? [] : readRuns(services, viewer, { plan: plan.id }),
  ])
  const known = await incidentsNamed(
    services,
    viewer,
    runs.map(({ incident }) => incident),
  )
  return {
    plan,
    shown,
    ...(number !== undefined && { number }),
    ...(before && { before }),
    names,
    clearances,
    lessons,
    runs: runs.flatMap((run) => {
      const incident = known.get(run.incident)
      return incident ? [{ ...run, isDrill: incident.drill, codeName: incident.codeName }] : []
    }),
  }
}

async function planPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadShown(visit)
  if (visit.wantsJson) return { data: { plan: loaded.plan.id, number: loaded.number ?? null, ...loaded.shown } }
  return { page: <PlanPage visit={visit} {...loaded} returned={returned} /> }
}

async function headPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const plan =
    visit.params.plan === undefined ? undefined : await getPlan(visit.services, visit.viewer, planIdOf(visit))
  return { page: <HeadPage visit={visit} plan={plan} returned={returned} /> }
}

async function itemPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const plan = await getPlan(visit.services, visit.viewer, planIdOf(visit))
  const part = planParts.find((one) => one === visit.params.part)
  const typed = visit.values?.item
  const item = (typeof typed === 'string' && typed) || (visit.query.get('item') ?? undefined)
  const { content } = plan.latest
  const kept = part && (content[part] as { id: string }[]).find(({ id }) => id === item)
  if (!part || (item && !kept)) throw new Refusal('preparedness.item-not-found')
  const [names, named] = await Promise.all([loadNames(visit), namable(visit)])
  return {
    page: (
      <ItemPage
        visit={visit}
        plan={plan}
        part={part}
        content={content}
        names={names}
        kept={fieldsOf(part, kept, visit.language)}
        {...(item && { item })}
        {...named}
        returned={returned}
      />
    ),
  }
}

/** An item as the fields of its form. */
function fieldsOf(part: PlanPart, item: object | undefined, language: string): Record<string, string> {
  const fields = Object.fromEntries(
    Object.entries(item ?? {}).map(([name, value]) => [name, value === null ? '' : String(value)]),
  )
  if (part === 'texts') return { language, ...fields }
  if (part === 'steps' && item && 'workingDays' in item && item.workingDays !== null)
    return { ...fields, within: String(item.workingDays), unit: 'working-days' }
  if (part === 'services' && item && 'rto' in item) {
    const { rto, mtpd } = item as Pick<PlanService, 'rto' | 'mtpd'>
    const [target, bearable] = [inLargestUnit(rto), inLargestUnit(mtpd)]
    const lengths = { rto: target.value, rtoUnit: target.unit, mtpd: bearable.value, mtpdUnit: bearable.unit }
    return { ...fields, ...lengths }
  }
  if (part !== 'contacts' || !item || !('contact' in item)) return fields
  return { ...fields, contact: `${fields.space} ${fields.party} ${fields.contact}` }
}

async function openPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const plan = await getPlan(visit.services, visit.viewer, planIdOf(visit))
  if (!plan.inForce?.content.isInUse) throw new Refusal('preparedness.newer-version')
  return {
    page: <OpenFromPage visit={visit} plan={plan} version={plan.inForce} returned={returned} />,
  }
}

async function pdf(visit: Visit): Promise<Answer> {
  const loaded = await loadShown(visit)
  const leave = mayLeave({ tlp: loaded.shown.marking }, { exit: 'print', reader: atHome(visit.services, visit.viewer) })
  if (!leave.allowed) throw new Refusal('preparedness.plan-not-found')
  const sheet = await planSheet(visit, loaded)
  return new Response(new Uint8Array(sheet), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="plan.pdf"',
      'cache-control': 'private, no-store',
    },
  })
}

/** One form about plans; `act` says where to go on. */
export function form<S extends z.ZodType>(
  path: string,
  name: string,
  input: S,
  summary: string,
  again: Again,
  act: (visit: Visit<z.output<S>>) => Promise<string>,
  permission: Route['permission'] = 'incidents:draft',
): Route {
  return formRoute({ path, name, input, summary, again, permission, notice: 'preparedness.notice.saved' }, act)
}
