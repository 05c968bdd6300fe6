import type { Clock, ClockState } from '../../../core/clocks/index.ts'
import { clockState } from '../../../core/clocks/index.ts'
import { Refusal } from '../../../core/http/refusal.ts'
import type { Services, Viewer } from '../../../core/module/types.ts'
import { inSight } from '../../incidents/index.ts'
import { type PlanContent, type Role, type Step, withAnnexes } from '../plan/content.ts'
import { dueTimes } from '../plan/due-times.ts'
import { listPlans, type Plan } from '../plan/read-plans.ts'
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
  clock?: Clock
  clockState?: ClockState
  /** Who does it in this run: assigned, else as the plan says. */
  who: string
}

export interface AssignedRole extends Role {
  assigned?: { who: string; by: string; at: number }
}

/** A plan at work in one incident, by exactly one version at a time. */
export interface Run {
  id: string
  incident: string
  plan: Plan
  version: number
  /** The version in force, where it is a later one. */
  newer?: number
  content: PlanContent
  annexes: string[]
  clockSpace?: string
  startedAt: number
  startedBy: string
  /** Now, on the clock of the run. */
  now: number
  follows: { version: number; reason: string; by: string; at: number }[]
  roles: AssignedRole[]
  steps: StepStanding[]
}

interface Asked {
  incident?: string
  plan?: string
  /** No more than these, those started last first. */
  limit?: number
}

/** Runs this person may know of; five queries however many there are. */
export async function readRuns(services: Services, viewer: Viewer, asked: Asked = {}): Promise<Run[]> {
  const { db } = services
  const rows = await db
    .selectFrom('home.preparedness_run')
    .selectAll()
    .where(inSight(services, viewer, 'home.preparedness_run.incident'))
    .$if(asked.incident !== undefined, (query) => query.where('incident', '=', asked.incident as string))
    .$if(asked.plan !== undefined, (query) => query.where('plan', '=', asked.plan as string))
    .orderBy('started_at', 'desc')
    .orderBy('id')
    .limit(asked.limit ?? 200)
    .execute()
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const [plans, follows, marks, assignments] = await Promise.all([
    listPlans(services, viewer),
    db.selectFrom('home.preparedness_follows').selectAll().where('run', 'in', ids).orderBy('ordinal').execute(),
    db.selectFrom('home.preparedness_mark').selectAll().where('run', 'in', ids).orderBy('ordinal').execute(),
    db.selectFrom('home.preparedness_assignment').selectAll().where('run', 'in', ids).orderBy('ordinal').execute(),
  ])
  const spaces = [...new Set(rows.flatMap(({ clock_space }) => clock_space ?? []))]
  const nows = new Map(
    await Promise.all(spaces.map(async (space) => [space, await services.ledger.scenarioNow(space)] as const)),
  )
  const of = <R extends { run: string }>(list: R[], id: string) => list.filter(({ run }) => run === id)
  return rows.flatMap((row): Run[] => {
    const plan = plans.find(({ id }) => id === row.plan)
    if (!plan) return []
    const run = runOf(services, row, {
      plan,
      follows: of(follows, row.id),
      marks: of(marks, row.id),
      assignments: of(assignments, row.id),
      now: nows.get(row.clock_space ?? '') ?? services.clock.now(),
    })
    return run ? [run] : []
  })
}

/** @throws Refusal `preparedness.run-not-found` */
export async function getRun(services: Services, viewer: Viewer, incident: string, id: string): Promise<Run> {
  const run = (await readRuns(services, viewer, { incident })).find((one) => one.id === id)
  if (!run) throw new Refusal('preparedness.run-not-found')
  return run
}

interface Parts {
  plan: Plan
  follows: { version: number; reason: string; by_person: string; at: number }[]
  marks: { step: string; state: string; words: string; by_person: string; at: number }[]
  assignments: { role: string; who: string; by_person: string; at: number }[]
  now: number
}

function runOf(
  services: Services,
  row: {
    id: string
    incident: string
    annexes: string[]
    clock_space: string | null
    started_at: number
    by_person: string
  },
  { plan, follows, marks, assignments, now }: Parts,
): Run | undefined {
  const number = follows.at(-1)?.version
  const version = plan.versions.find((one) => one.number === number)
  // Marked above this reader since: what they may not read of the plan is not shown here either.
  if (!version) return undefined
  const content = withAnnexes(version.content, row.annexes)
  const due = dueTimes(content.steps, row.started_at)
  const roles = content.roles.map((role): AssignedRole => {
    const last = assignments.findLast((one) => one.role === role.id)
    return { ...role, ...(last && { assigned: { who: last.who, by: last.by_person, at: last.at } }) }
  })
  const steps = content.steps.map((step) => {
    const mine = marks
      .filter((one) => one.step === step.id)
      .map(({ state, words, by_person: by, at }) => ({ state: state as Mark['state'], words, by, at }))
    const role = roles.find(({ id }) => id === step.role)
    return standingOf(services, {
      step,
      marks: mine,
      run: row,
      dueAt: due.get(step.id),
      who: role?.assigned?.who ?? role?.who ?? '',
      now,
    })
  })
  return {
    id: row.id,
    incident: row.incident,
    plan,
    version: version.number,
    ...(plan.inForce && plan.inForce.number > version.number && { newer: plan.inForce.number }),
    content,
    annexes: row.annexes,
    ...(row.clock_space !== null && { clockSpace: row.clock_space }),
    startedAt: row.started_at,
    startedBy: row.by_person,
    now,
    follows: follows.map(({ version: one, reason, by_person: by, at }) => ({ version: one, reason, by, at })),
    roles,
    steps,
  }
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
