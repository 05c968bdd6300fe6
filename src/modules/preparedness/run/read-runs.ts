import type { Clock, ClockState } from '../../../core/clocks/index.ts'
import { clockState } from '../../../core/clocks/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { readWorkingDays } from '../../home-tasks/index.ts'
import { inSight } from '../../incidents/index.ts'
import { hasTerm, type PlanContent, type PlanService, type Role, type Step, withAnnexes } from '../plan/content.ts'
import { dueTimes } from '../plan/due-times.ts'
import { type Plan, readPlans, type Writing } from '../plan/read-plans.ts'
import { waitsFor } from './waits-for.ts'
import '../tables.ts'

export interface Mark {
  state: 'done' | 'otherwise' | 'open'
  words: string
  by: string
  at: number
}

export interface StepStanding {
  step: Step
  state: 'open' | 'done' | 'otherwise'
  /** The mark that stands; none while it is open. */
  mark?: Mark
  /** Everything that was said of it, oldest first. */
  marks: Mark[]
  dueAt?: number
  /** Step that its term is counted from, and that nobody answered yet. */
  after?: Step
  clock?: Clock
  clockState?: ClockState
  /** Who does it in this run: assigned, else as the plan says. */
  who: string
}

/** What became of a service that the plan names. */
export interface ServiceStanding {
  service: PlanService
  /** `done`: it stands in the recovery plan of the incident as the plan says. */
  state: 'open' | 'done' | 'otherwise'
  mark?: Mark
}

export interface AssignedRole extends Role {
  assigned?: { who: string; by: string; at: number }
}

/** A plan at work in one incident, by exactly one writing of it at a time. */
export interface Run {
  id: string
  incident: string
  plan: Plan
  /** Version that it follows; none while nobody approved what it follows. */
  version?: number
  /** It was started in an emergency from a writing that nobody had approved: a departure of its own. */
  emergency?: { reason: string; by: string; at: number; approvedAs?: number }
  /** The version in force, where it is a later one. */
  newer?: number
  content: PlanContent
  annexes: string[]
  clockSpace?: string
  startedAt: number
  startedBy: string
  /** Now, on the clock of the run. */
  now: number
  /** Moves over to another version, oldest first. */
  moves: { version: number; reason: string; by: string; at: number }[]
  roles: AssignedRole[]
  steps: StepStanding[]
  services: ServiceStanding[]
}

interface Asked {
  incident?: string
  plan?: string
  run?: string
  /** Only those of open incidents with an open step, whose roles this person holds or whose incident they lead. */
  waiting?: true
  /** No more than these, those started last first. */
  limit?: number
}

/** Runs this person may know of; six queries however many there are. */
export async function readRuns(services: Services, viewer: Viewer, asked: Asked = {}): Promise<Run[]> {
  const { db } = services
  const rows = await db
    .selectFrom('home.preparedness_run')
    .selectAll()
    .where(inSight(services, viewer, 'home.preparedness_run.incident'))
    .$if(asked.incident !== undefined, (query) => query.where('incident', '=', asked.incident as string))
    .$if(asked.plan !== undefined, (query) => query.where('plan', '=', asked.plan as string))
    .$if(asked.run !== undefined, (query) => query.where('id', '=', asked.run as string))
    .$if(asked.waiting === true, (query) => query.where(waitsFor(services, viewer)))
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .limit(asked.limit ?? 200)
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [plans, follows, marks, assignments] = await Promise.all([
    readPlans(services, viewer, [...new Set(rows.map(({ plan }) => plan))]),
    db.selectFrom('home.preparedness_follows').selectAll().where('run', 'in', ids).orderBy('ordinal').execute(),
    db.selectFrom('home.preparedness_mark').selectAll().where('run', 'in', ids).orderBy('ordinal').execute(),
    db.selectFrom('home.preparedness_assignment').selectAll().where('run', 'in', ids).orderBy('ordinal').execute(),
  ])
  const spaces = [...new Set(rows.flatMap(({ clock_space }) => clock_space ?? []))]
  const nows = new Map(
    await Promise.all(spaces.map(async (space) => [space, await services.ledger.scenarioNow(space)] as const)),
  )
  const [followsOf, marksOf, assignmentsOf] = [byRun(follows), byRun(marks), byRun(assignments)]
  return rows.flatMap((row): Run[] => {
    const plan = plans.find(({ id }) => id === row.plan)
    if (!plan) return []
    const run = runOf(services, row, {
      plan,
      follows: followsOf.get(row.id) ?? [],
      marks: marksOf.get(row.id) ?? [],
      assignments: assignmentsOf.get(row.id) ?? [],
      now: nows.get(row.clock_space ?? '') ?? services.clock.now(),
    })
    return run ? [run] : []
  })
}

const byRun = <R extends { run: string }>(rows: readonly R[]): Map<string, R[]> => Map.groupBy(rows, ({ run }) => run)

/** @throws Refusal `preparedness.run-not-found` */
export async function getRun(services: Services, viewer: Viewer, incident: string, id: string): Promise<Run> {
  const [run] = await readRuns(services, viewer, { incident, run: id })
  if (!run) throw new Refusal('preparedness.run-not-found')
  return run
}

interface Parts {
  plan: Plan
  follows: { version: number | null; writing: string; reason: string; by_person: string; at: number }[]
  marks: { step: string; state: string; words: string; by_person: string; at: number }[]
  assignments: { role: string; who: string; by_person: string; at: number }[]
  now: number
}

interface RunRow {
  id: string
  incident: string
  annexes: string[]
  clock_space: string | null
  zone: string
  started_at: number
  by_person: string
}

function runOf(services: Services, row: RunRow, parts: Parts): Run | undefined {
  const { plan, follows, assignments, now } = parts
  const writing = plan.writings.find(({ id }) => id === follows.at(-1)?.writing)
  // Marked above this reader since: what they may not read of the plan is not shown here either.
  if (!writing) return undefined
  const content = withAnnexes(writing.content, row.annexes)
  const roles = content.roles.map((role): AssignedRole => {
    const last = assignments.findLast((one) => one.role === role.id)
    return { ...role, ...(last && { assigned: { who: last.who, by: last.by_person, at: last.at } }) }
  })
  return {
    id: row.id,
    incident: row.incident,
    plan,
    ...followedBy(plan, writing, follows),
    content,
    annexes: row.annexes,
    ...(row.clock_space !== null && { clockSpace: row.clock_space }),
    startedAt: row.started_at,
    startedBy: row.by_person,
    now,
    roles,
    steps: standings(services, row, { content, roles, ...parts }),
    services: content.services.map((service) => ({ service, ...answerOf(parts.marks, service.id) })),
  }
}

function answerOf(marks: Parts['marks'], item: string): Pick<ServiceStanding, 'state' | 'mark'> {
  const last = marks.findLast(({ step }) => step === item)
  if (!last || last.state === 'open') return { state: 'open' }
  const state = last.state as 'done' | 'otherwise'
  return { state, mark: { state, words: last.words, by: last.by_person, at: last.at } }
}

/** Which version a run follows, how it came to that, and whether there is a later one. */
function followedBy(
  { versions, inForce }: Plan,
  writing: Writing,
  follows: Parts['follows'],
): Pick<Run, 'version' | 'emergency' | 'newer' | 'moves'> {
  const version = versions.find(({ id }) => id === writing.id)?.number
  const [first, ...later] = follows
  const approvedAs = versions.find(({ id }) => id === first?.writing)?.number
  return {
    ...(version !== undefined && { version }),
    ...(first?.version === null && {
      emergency: {
        reason: first.reason,
        by: first.by_person,
        at: first.at,
        ...(approvedAs !== undefined && { approvedAs }),
      },
    }),
    ...(inForce && inForce.number > (version ?? 0) && { newer: inForce.number }),
    moves: later.map(({ version: to, reason, by_person: by, at }) => ({ version: to ?? 0, reason, by, at })),
  }
}

function standings(
  services: Services,
  row: RunRow,
  { content, roles, marks, now }: Parts & { content: PlanContent; roles: readonly AssignedRole[] },
): StepStanding[] {
  const marksOf = Map.groupBy(
    marks.map(({ step, state, words, by_person: by, at }) => ({ step, state: state as Mark['state'], words, by, at })),
    ({ step }) => step,
  )
  const answered = [...marksOf].flatMap(([step, said]) => {
    const last = said.at(-1)
    return last && last.state !== 'open' ? [[step, last.at] as const] : []
  })
  const due = dueTimes(content.steps, {
    startedAt: row.started_at,
    answeredAt: new Map(answered),
    calendar: readWorkingDays(services),
    zone: row.zone,
  })
  const byId = new Map(content.steps.map((step) => [step.id, step]))
  return content.steps.map((step) => {
    const role = roles.find(({ id }) => id === step.role)
    const before = hasTerm(step) && !due.has(step.id) ? byId.get(step.after) : undefined
    const standing = standingOf(services, {
      step,
      marks: (marksOf.get(step.id) ?? []).map(({ step: _, ...mark }) => mark),
      run: row,
      dueAt: due.get(step.id),
      who: role?.assigned?.who ?? role?.who ?? '',
      now,
    })
    return { ...standing, ...(before && { after: before }) }
  })
}

function standingOf(
  { party }: Services,
  {
    step,
    marks,
    run,
    dueAt,
    who,
    now,
  }: {
    step: Step
    marks: Mark[]
    run: { id: string; clock_space: string | null; started_at: number }
    dueAt: number | undefined
    who: string
    now: number
  },
): StepStanding {
  const last = marks.at(-1)
  const mark = last && last.state !== 'open' ? last : undefined
  const state = mark ? (mark.state as 'done' | 'otherwise') : 'open'
  const common = { step, state, marks, who, ...(mark && { mark }) } as const
  if (dueAt === undefined) return common
  const clock: Clock = {
    id: `${run.id}-${step.id}`,
    space: run.clock_space ?? '',
    regime: 'plan-step',
    source: 'house',
    duty: party,
    startedBy: run.id,
    about: run.id,
    startsAt: run.started_at,
    dueAt,
    ...(mark?.state === 'done' && { metBy: run.id, metAt: mark.at }),
    ...(mark?.state === 'otherwise' && { cancelledBy: run.id }),
  }
  return { ...common, dueAt, clock, clockState: clockState(clock, now) }
}
