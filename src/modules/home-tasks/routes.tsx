import type { z } from 'zod'
import { checkDated } from '../../core/dated-data/index.ts'
import { addStatuses, InvalidInput, Refusal } from '../../core/http/index.ts'
import { atHome, mayLeave } from '../../core/markings/index.ts'
import type { Answer, Permission, Route, Services, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { readAccessGrounds } from '../channels/index.ts'
import { type Again, formRoute, type FormRoute, type Returned } from '../frame/index.ts'
import { askForLegal } from './ask-for-legal.ts'
import { answerTask, clearStage, closeTask, extendTask, sendBack } from './end-task.ts'
import * as inputs from './inputs.ts'
import { type TaskKind, taskKinds } from './kinds.ts'
import { loadTaskPage } from './load-task-page.ts'
import { FormPage, isForm } from './pages/form-page.tsx'
import { ListPage } from './pages/list-page.tsx'
import { OpenPage } from './pages/open-page.tsx'
import { TaskPage } from './pages/task-page.tsx'
import { getTask, readTasks } from './read-tasks.ts'
import { taskSheet } from './task-sheet.ts'
import { readTerms, termsFile } from './terms.ts'
import {
  assignTask,
  confirmItem,
  decidePart,
  drawItems,
  dropItem,
  linkIncident,
  openTask,
  writeText,
} from './write-task.ts'

const at = '/home-tasks/:task'
const read = { permission: 'incidents.tasks:read' as const }

/** Parliamentary questions, access requests and ministers' briefs: records at home, and none becomes an act. */
export function homeTaskRoutes(services: Services): Route[] {
  // A node does not start on terms that nobody can read.
  checkDated(services, [termsFile])
  addStatuses({ 'home-tasks.item-not-found': 422 })
  return [
    { method: 'GET', path: '/home-tasks', ...read, summary: 'Questions, access requests and briefs', handle: list },
    {
      method: 'GET',
      path: '/home-tasks/open',
      permission: 'incidents.tasks:draft',
      summary: 'Form of a question, an access request or a brief',
      handle: (visit) => openPage(visit),
    },
    form(
      {
        path: '/home-tasks',
        name: 'open',
        input: inputs.openInput,
        summary: 'Keep a task as it came in',
        show: openPage,
      },
      async (visit) => {
        await open(visit)
        return `/home-tasks/${visit.input.id}`
      },
    ),
    { method: 'GET', path: at, ...read, summary: 'A task', handle: (visit) => show(visit) },
    { method: 'GET', path: `${at}/pdf`, ...read, summary: 'A task as a sheet to print', handle: pdf },
    {
      method: 'GET',
      path: `${at}/form/:form`,
      ...read,
      summary: 'One form of a task',
      handle: (visit) => formPage(visit, visit.params.form ?? ''),
    },
    ...draftForms(),
    ...endForms(),
  ]
}

function draftForms(): Route[] {
  return [
    step('assign', inputs.assignInput, 'Name who drafts it', ({ services, viewer, input }, id) =>
      assignTask(services, viewer, id, input),
    ),
    step('text', inputs.textInput, 'Write its words in a language', ({ services, viewer, input }, id) =>
      writeText(services, viewer, id, input),
    ),
    step('link', inputs.linkInput, 'Tie it to an incident, or untie it', ({ services, viewer, input }, id) =>
      linkIncident(services, viewer, id, input),
    ),
    step('draw', inputs.drawInput, 'Draw items of its incidents into it', ({ services, viewer, input }, id) =>
      drawItems(services, viewer, id, input),
    ),
    step('drop', inputs.rowInput, 'Take an item out of it', ({ services, viewer, input }, id) =>
      dropItem(services, viewer, id, input),
    ),
    step('confirm', inputs.confirmInput, 'Say that its words stand although an item changed', (visit, id) =>
      confirmItem(visit.services, visit.viewer, id, visit.input),
    ),
    step('parts', inputs.partInput, 'Decide on a part of what was asked for', ({ services, viewer, input }, id) => {
      const { partTitle, partWords, part, ground, ...rest } = input
      const known = readAccessGrounds(services).content.grounds.some((one) => one.id === ground)
      if (ground !== '' && !known) throw InvalidInput.at('ground', 'home-tasks.invalid.ground')
      const said = { ...rest, ground, title: partTitle, words: partWords, ...(part !== undefined && { part }) }
      return decidePart(services, viewer, id, said)
    }),
  ]
}

function endForms(): Route[] {
  return [
    step(
      'clear',
      inputs.clearInput,
      'Clear a task as the next one in order',
      ({ services, viewer, input }, id) => clearStage(services, viewer, id, input),
      // Which power it takes depends on whose turn it is.
      'incidents.tasks:read',
    ),
    step(
      'send-back',
      inputs.sendBackInput,
      'Send a task back to whoever drafts it',
      ({ services, viewer, input }, id) => sendBack(services, viewer, id, input),
      'incidents.tasks:read',
    ),
    step('legal', inputs.legalInput, 'Ask for a legal adviser to look at it before it goes', (visit, id) =>
      askForLegal(visit.services, visit.viewer, id, { id: visit.input.id, reason: visit.input.legalReason }),
    ),
    step('extend', inputs.extendInput, 'Move its end on, once', ({ services, viewer, input }, id) => {
      const dueOn = inputs.namedMoment(input)
      return extendTask(services, viewer, id, {
        ...{ id: input.id, reason: input.extendReason },
        ...(dueOn !== undefined && { dueOn }),
      })
    }),
    step('transfer', inputs.transferInput, 'Record that it went to another house', (visit, id) => {
      const { closeReason: reason, ...rest } = visit.input
      return closeTask(visit.services, visit.viewer, id, { ...rest, reason, kind: 'transferred' })
    }),
    step('withdraw', inputs.withdrawInput, 'Record that it was taken back', (visit, id) => {
      const { closeReason: reason, ...rest } = visit.input
      return closeTask(visit.services, visit.viewer, id, { ...rest, reason, kind: 'withdrawn' })
    }),
    step('answer', inputs.answerInput, 'Record that the answer went out, and freeze it', (visit, id) =>
      answerTask(visit.services, visit.viewer, id, visit.input),
    ),
  ]
}

/** A malformed name is one that does not exist. */
function idOf({ params }: Pick<Visit, 'params'>): string {
  const { task = '' } = params
  if (!isId(task)) throw new Refusal('home-tasks.not-found')
  return task
}

async function list(visit: Visit): Promise<Answer> {
  const { services, viewer, query } = visit
  const kind = inputs.kindChoice.safeParse(query.get('kind')).data
  const incident = query.get('incident') ?? undefined
  const all = query.get('state') === 'all'
  const tasks = await readTasks(services, viewer, {
    ...(kind && { kind }),
    ...(incident !== undefined && isId(incident) && { incident }),
    open: !all && incident === undefined,
  })
  if (visit.wantsJson) return { data: tasks }
  return { page: <ListPage visit={visit} tasks={tasks} asked={{ all, ...(kind && { kind }) }} /> }
}

async function openPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const asked = visit.values?.kind ?? visit.query.get('kind')
  const kind: TaskKind = taskKinds.find((one) => one === asked) ?? 'question'
  const page = <OpenPage visit={visit} kind={kind} rules={readTerms(visit.services)} returned={returned} />
  return { page }
}

async function open({ services, viewer, input }: Visit<z.output<typeof inputs.openInput>>): Promise<void> {
  const dueOn = inputs.namedMoment(input)
  const about = Object.fromEntries(
    Object.keys(inputs.aboutFields[input.kind]).flatMap((name) => {
      const value = (input as Record<string, unknown>)[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )
  await openTask(services, viewer, {
    ...{ id: input.id, kind: input.kind, title: input.title, asked: input.asked, marking: input.marking, about },
    ...{ receivedOn: input.receivedOn, zone: input.zone },
    ...(input.term !== '' && { term: input.term }),
    ...(dueOn !== undefined && { dueOn }),
    ...(input.kind === 'access' && { applicant: { name: input.applicant, contact: input.contact } }),
  })
  if (input.incident !== undefined)
    await linkIncident(services, viewer, input.id, { id: input.id, incident: input.incident, linked: true })
}

async function show(visit: Visit, returned?: Returned): Promise<Answer> {
  const task = await getTask(visit.services, visit.viewer, idOf(visit))
  if (visit.wantsJson) return { data: task }
  const loaded = await loadTaskPage(visit, task)
  return {
    page: <TaskPage visit={visit} task={task} loaded={loaded} returned={returned} />,
  }
}

async function formPage(visit: Visit, name: string, returned?: Returned): Promise<Answer> {
  const task = await getTask(visit.services, visit.viewer, idOf(visit))
  if (returned && task.state !== 'open') return show(visit, returned)
  if (!isForm(name) || task.state !== 'open') throw new Refusal('home-tasks.not-found')
  const loaded = await loadTaskPage(visit, task)
  const of = visit.query.get('of') ?? undefined
  const page = <FormPage {...{ visit, task, loaded, name, returned }} {...(of !== undefined && { of })} />
  return { page }
}

async function pdf(visit: Visit): Promise<Answer> {
  const { services, viewer } = visit
  const task = await getTask(services, viewer, idOf(visit))
  const leave = mayLeave({ tlp: task.marking }, { exit: 'print', reader: atHome(services, viewer) })
  if (!leave.allowed) throw new Refusal('home-tasks.not-found')
  const { nameOf } = await loadTaskPage(visit, task)
  return new Response(new Uint8Array(await taskSheet(visit, task, nameOf)), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="task.pdf"',
      'cache-control': 'private, no-store',
    },
  })
}

/** One form of the page of a task. */
function step<S extends z.ZodType>(
  name: string,
  input: S,
  summary: string,
  act: (visit: Visit<z.output<S>>, task: string) => Promise<void>,
  permission: Permission = 'incidents.tasks:draft',
): Route {
  const again = (visit: Visit, returned?: Returned) =>
    isForm(name) ? formPage(visit, name, returned) : show(visit, returned)
  return form({ path: `${at}/${name}`, name, input, summary, permission, show: again }, async (visit) => {
    const task = idOf(visit)
    await act(visit, task)
    return `/home-tasks/${task}`
  })
}

/** One form of a task; `act` says where to go on. */
function form<S extends z.ZodType>(
  of: Pick<FormRoute<S>, 'path' | 'name' | 'input' | 'summary'> & { permission?: Permission; show: Again },
  act: (visit: Visit<z.output<S>>) => Promise<string>,
): Route {
  const { show: again, permission = 'incidents.tasks:draft', ...route } = of
  return formRoute({ ...route, permission, again, notice: 'home-tasks.notice.saved' }, act)
}
