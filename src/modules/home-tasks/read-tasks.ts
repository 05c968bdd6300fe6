import { createHash } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { type Clock, clockState, type ClockState, endOfDay } from '../../core/clocks/index.ts'
import { Refusal } from '../../core/http/index.ts'
import { atHome, mark, reveal } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { texts } from '../../core/storage/index.ts'
import type { Tables } from '../../core/storage/tables.ts'
import type { Tlp } from '../../protocol/types.ts'
import { type Rule, rulesToday } from '../clearance/index.ts'
import { incidentsNamed, inSight, type NamedIncident } from '../incidents/index.ts'
import { type Item, type ItemRef, itemKey, readItems } from './items.ts'
import { type Ending, endings, type PartDecision, type Stage, type TaskKind, type TaskState } from './kinds.ts'
import { documentOf, type LegalDemand, stagesWith } from './legal-stage.ts'
import { isOpen, isReadable } from './sight.ts'
import type { About, StepFacts, StepKind } from './tables.ts'
import { taskClock } from './task-clock.ts'
import { readTerms } from './terms.ts'
import './tables.ts'

export interface TaskText {
  id: string
  language: string
  words: string
  by: string
  at: number
}

export interface TaskStep {
  id: string
  kind: StepKind
  facts: StepFacts
  by: string
  at: number
}

export interface Part {
  id: string
  part: string
  title: string
  decision: PartDecision
  ground: string
  why: string
  words: string
  by: string
  at: number
}

/** An item a text was drawn from, as it said then, and what it says now where that is another thing. */
export interface Drawn extends ItemRef {
  row: string
  stamp: string
  words: string
  marking: Tlp
  by: string
  at: number
  isFlagged: boolean
  now?: Item
}

export interface Task {
  id: string
  /** `PQ 2026/4F09AC`: out of its id, so that no gap in a series tells of a task somebody may not see. */
  reference: string
  kind: TaskKind
  title: string
  asked: string
  marking: Tlp
  about: About
  receivedOn: string
  zone: string
  term?: string
  dueOn?: string
  office: string
  openedBy: string
  openedAt: number
  state: TaskState
  /** Who drafts it. */
  assigned?: string
  steps: TaskStep[]
  /** One per language, as it stands. */
  texts: TaskText[]
  /** What stood before, newest first. */
  earlierTexts: TaskText[]
  links: { incident: string; of: NamedIncident }[]
  drawn: Drawn[]
  parts: Part[]
  clock?: Clock
  clockState?: ClockState
  /** Names exactly what would go; whoever clears it clears this. */
  as: string
  /** Clearances of exactly this, in their order. */
  cleared: { stage: Stage; by: string; at: number }[]
  /** Whose turn it is; undefined once all cleared it. */
  nextStage?: Stage
  stages: readonly Stage[]
  /** Where a rule of the house or a person asks for a legal adviser. */
  legal?: LegalDemand
}

/** A task this person may read. @throws Refusal `home-tasks.not-found` */
export async function getTask(services: Services, viewer: Viewer, id: string): Promise<Task> {
  const [task] = await readTasks(services, viewer, { id })
  if (!task) throw new Refusal('home-tasks.not-found')
  return task
}

interface Asked {
  id?: string
  incident?: string
  /** Only what nothing ended yet. */
  open?: boolean
  kind?: TaskKind
  limit?: number
}

/** Tasks this person may read, newest first, with what of them they may know. */
export async function readTasks(services: Services, viewer: Viewer, asked: Asked = {}): Promise<Task[]> {
  const { id, incident, open = false, kind, limit = 500 } = asked
  const rows = await services.db
    .selectFrom('home.home_tasks_task as task')
    .selectAll()
    .where(isReadable(services, viewer, 'task'))
    .$if(id !== undefined, (query) => query.where('id', '=', id as string))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind as TaskKind))
    .$if(open, (query) => query.where(isOpen('task')))
    .$if(incident !== undefined, (query) => query.where(isLinkedTo(services, viewer, incident as string)))
    .orderBy('ordinal', 'desc')
    .limit(limit)
    .execute()
  const shown = rows.filter(
    ({ marking }) => reveal(mark(true, { tlp: marking }), atHome(services, viewer), 'page').shown,
  )
  if (shown.length === 0) return []
  const parts = await readParts(
    services,
    viewer,
    shown.map((row) => row.id),
  )
  const named = await incidentsNamed(
    services,
    viewer,
    [...parts.links.values()].flat().map((row) => row.incident),
  )
  const [items, wanted] = await Promise.all([itemsOf(services, viewer, shown, parts), rulesToday(services)])
  return shown.map((row) => toTask(services, row, { ...parts, named, items, wanted }))
}

const isLinkedTo = (services: Services, viewer: Viewer, incident: string) =>
  sql<boolean>`exists (select from home.home_tasks_link l where l.task = task.id and l.incident = ${incident}
    and l.linked and ${inSight(services, viewer, 'l.incident')}
    and not exists (select from home.home_tasks_link later
      where later.task = l.task and later.incident = l.incident and later.ordinal > l.ordinal))`

async function readParts({ db, clock }: Services, viewer: Viewer, tasks: string[]) {
  const among = sql<boolean>`task = any(${texts(tasks)})`
  const [steps, written, links, drawn, parts] = await Promise.all([
    db.selectFrom('home.home_tasks_step').selectAll().where(among).orderBy('ordinal').execute(),
    db.selectFrom('home.home_tasks_text').selectAll().where(among).orderBy('ordinal').execute(),
    db
      .selectFrom('home.home_tasks_link')
      .selectAll()
      .where(among)
      .where(inSight({ clock }, viewer))
      .orderBy('ordinal')
      .execute(),
    db.selectFrom('home.home_tasks_drawn').selectAll().where(among).orderBy('ordinal').execute(),
    db.selectFrom('home.home_tasks_part').selectAll().where(among).orderBy('ordinal').execute(),
  ])
  const byTask = <R extends { task: string }>(rows: R[]) => Map.groupBy(rows, ({ task }) => task)
  return {
    steps: byTask(steps),
    texts: byTask(written),
    links: byTask(links),
    drawn: byTask(drawn),
    parts: byTask(parts),
  }
}
type Parts = Awaited<ReturnType<typeof readParts>>

/** What the drawn items of open tasks are now, one question for each kind of task. */
async function itemsOf(services: Services, viewer: Viewer, rows: readonly Row[], parts: Parts) {
  const wanted = rows.filter(({ id }) => !endOf(parts.steps.get(id) ?? []) && parts.drawn.has(id))
  const found = await Promise.all(
    [...Map.groupBy(wanted, ({ kind }) => kind)].map(async ([kind, mine]) => {
      const incidents = [...new Set(mine.flatMap(({ id }) => (parts.drawn.get(id) ?? []).map((one) => one.incident)))]
      return [kind, await readItems(services, viewer, { incidents, kind })] as const
    }),
  )
  return new Map(found)
}

type Row = Selectable<Tables['home.home_tasks_task']>
type StepRow = Selectable<Tables['home.home_tasks_step']>

const endOf = (steps: readonly StepRow[]): StepRow | undefined =>
  steps.findLast(({ kind }) => (endings as readonly string[]).includes(kind))

/** An answer went out on the day it names, even where it was recorded later. */
const endedAt = ({ at, facts }: StepRow, zone: string): number =>
  facts.on === undefined ? at : Math.min(at, endOfDay(facts.on, zone))

/** The newest row of each, by a key, in the order in which the keys came first. */
const newestBy = <R>(rows: readonly R[], keyOf: (row: R) => string): R[] => [
  ...new Map(rows.map((row) => [keyOf(row), row])).values(),
]

const prefixes: Record<TaskKind, string> = { question: 'PQ', access: 'AR', brief: 'MB' }

function toTask(
  services: Services,
  row: Row,
  of: Parts & {
    named: Map<string, NamedIncident>
    items: Awaited<ReturnType<typeof itemsOf>>
    wanted: Map<string, Rule>
  },
): Task {
  const { content: rules } = readTerms(services)
  const steps = of.steps.get(row.id) ?? []
  const ended = endOf(steps)
  const extension = steps.find(({ kind }) => kind === 'extended')?.facts
  const written = (of.texts.get(row.id) ?? []).map(toText)
  const standing = newestBy(written, ({ language }) => language)
  const live = of.items.get(row.kind)
  const drawn = newestBy(of.drawn.get(row.id) ?? [], (one) => itemKey({ ...one, id: one.item }))
    .filter((one) => one.drawn)
    .map((one): Drawn => {
      const ref = { incident: one.incident, kind: one.kind, id: one.item }
      const now = ended ? undefined : live?.find(ref)
      const isFlagged = !ended && (now?.stamp !== one.stamp || now.kept !== undefined || now.marking !== one.marking)
      return {
        ...{ ...ref, row: one.id, stamp: one.stamp, words: one.words, marking: one.marking },
        ...{ by: one.by_person, at: one.at, isFlagged, ...(now && isFlagged && { now }) },
      }
    })
  const parts = newestBy(of.parts.get(row.id) ?? [], ({ part }) => part).map(toPart)
  const as = fingerprintOf(row, { texts: standing, drawn, parts })
  const taken = steps.map(toStep)
  const { stages, legal } = stagesWith(rules.clearances[row.kind], {
    ...{ rule: of.wanted.get(documentOf(row.kind)), steps: taken, isOver: ended !== undefined },
  })
  const cleared = clearancesOf(steps, stages, as)
  const clock = taskClock(
    {
      ...{ id: row.id, receivedOn: row.received_on, zone: row.zone, term: row.term ?? undefined },
      ...{ dueOn: row.due_on ?? undefined, extension },
      ended: ended && { id: ended.id, at: endedAt(ended, row.zone), isAnswer: ended.kind === 'answered' },
    },
    rules,
    services.party,
  )
  const next = ended ? undefined : stages[cleared.length]
  const year = new Date(row.at).getUTCFullYear()
  return {
    ...{ id: row.id, kind: row.kind, title: row.title, asked: row.asked, marking: row.marking, about: row.about },
    ...{ receivedOn: row.received_on, zone: row.zone, office: row.office, openedBy: row.by_person, openedAt: row.at },
    reference: `${prefixes[row.kind]} ${year}/${row.id.slice(0, 6).toUpperCase()}`,
    ...(row.term !== null && { term: row.term }),
    ...(row.due_on !== null && { dueOn: row.due_on }),
    state: (ended?.kind as Ending | undefined) ?? 'open',
    ...assignedIn(steps),
    steps: taken,
    texts: standing,
    earlierTexts: written.filter((one) => !standing.includes(one)).toReversed(),
    links: newestBy(of.links.get(row.id) ?? [], ({ incident }) => incident).flatMap(({ incident, linked }) => {
      const known = of.named.get(incident)
      return linked && known ? [{ incident, of: known }] : []
    }),
    ...{ drawn, parts, as, cleared, stages },
    ...(legal && { legal }),
    ...(clock && { clock, clockState: clockState(clock, services.clock.now()) }),
    ...(next !== undefined && { nextStage: next }),
  }
}

function assignedIn(steps: readonly StepRow[]): { assigned?: string } {
  const person = steps.findLast(({ kind }) => kind === 'assigned')?.facts.person
  return person === undefined ? {} : { assigned: person }
}

/** Clearances of exactly what stands, as far as they follow one another in the order of the rules. */
function clearancesOf(steps: readonly StepRow[], stages: readonly Stage[], as: string): Task['cleared'] {
  const cleared: Task['cleared'] = []
  // Whoever sent it back takes every clearance before it away.
  const sentBack = steps.findLast(({ kind, facts }) => kind === 'sent-back' && facts.as === as)?.ordinal ?? 0
  for (const stage of stages) {
    const found = steps.find(
      (one) => one.kind === 'cleared' && one.facts.as === as && one.facts.stage === stage && one.ordinal > sentBack,
    )
    if (!found) break
    cleared.push({ stage, by: found.by_person, at: found.at })
  }
  return cleared
}

/** Of everything that would go and what it rests on; what an item says now is part of it, so that a change voids. */
function fingerprintOf(
  row: Row,
  { texts: written, drawn, parts }: { texts: readonly TaskText[]; drawn: readonly Drawn[]; parts: readonly Part[] },
): string {
  const said = [row.id, row.marking, written.map(({ id }) => id), parts.map(({ id }) => id)]
  const rests = drawn.map(({ row: id, isFlagged, now }) => [id, isFlagged, now?.stamp])
  return createHash('sha256')
    .update(JSON.stringify([...said, rests]))
    .digest('base64url')
}

const toText = (row: Selectable<Tables['home.home_tasks_text']>): TaskText => ({
  ...{ id: row.id, language: row.language, words: row.words, by: row.by_person, at: row.at },
})

const toStep = (row: StepRow): TaskStep => ({
  ...{ id: row.id, kind: row.kind, facts: row.facts, by: row.by_person, at: row.at },
})

const toPart = (row: Selectable<Tables['home.home_tasks_part']>): Part => ({
  ...{ id: row.id, part: row.part, title: row.title, decision: row.decision, ground: row.ground, why: row.why },
  ...{ words: row.words, by: row.by_person, at: row.at },
})

/** Who asked for access, for whoever opened the task and whoever drafts it; nobody else. */
export async function readApplicant(
  { db }: Pick<Services, 'db'>,
  viewer: Viewer,
  task: Task,
): Promise<{ name: string; contact: string } | undefined> {
  if (!handlesApplicant(viewer, task)) return undefined
  return db
    .selectFrom('home.home_tasks_applicant')
    .select(['name', 'contact'])
    .where('task', '=', task.id)
    .orderBy('ordinal', 'desc')
    .executeTakeFirst()
}

export const handlesApplicant = ({ person }: Viewer, { openedBy, assigned }: Task): boolean =>
  person.id === openedBy || person.id === assigned
