import { addStatuses, Refusal } from '../../core/http/index.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Answer, Route, Services, Submission, Visit } from '../../core/module/types.ts'
import { takeStep } from '../../core/release/index.ts'
import { getIncident, listIncidentChoices } from '../incidents/index.ts'
import type { TermsOfUse } from './acts.ts'
import { askRoutes } from './ask-routes.tsx'
import { listFigures } from './figures.ts'
import { findExecution, findRequest } from './find-request.ts'
import { disposeInput, filterInput, type FilterInput, incidentInput, workInput, type WorkInput } from './inputs.ts'
import { listRequests } from './list-requests.ts'
import { loadRequest } from './load-request.ts'
import { ListPage } from './pages/list-page.tsx'
import { RequestPage } from './pages/request-page.tsx'
import { DisposePage, TermsPage } from './pages/terms-page.tsx'
import { requestSheet } from './request-sheet.ts'
import { listSpoken } from './spoken.ts'
import type { ExecutionRow } from './tables.ts'
import { actIdOf, addWork, listOfIncident, mayWork, setIncident } from './work.ts'

type Errors = Record<string, string>

/** Requests for assistance: the list, one as one story, what was handed over, and our own work on them. */
export function assistanceRoutes(services: Services): Route[] {
  addStatuses({ 'assistance-terms-first': 403 })
  return [
    {
      method: 'GET',
      path: '/assistance',
      permission: 'assistance:read',
      input: filterInput,
      summary: 'Requests for assistance, ours and theirs, with state, clock and how long answers took',
      handle: (visit) => showList(services, visit),
    },
    ...askRoutes(services),
    {
      method: 'GET',
      path: '/assistance/:request',
      permission: 'assistance:read',
      summary: 'One request for assistance: its course, words, clocks and materials',
      handle: (visit) => showRequest(services, visit),
    },
    {
      method: 'GET',
      path: '/assistance/:request/sheet.pdf',
      permission: 'assistance:read',
      summary: 'A request for assistance as PDF',
      async handle(visit) {
        const loaded = await loadRequest(services, visit.viewer, visit.params.request ?? '', 'print')
        const pdf = await requestSheet(visit, loaded)
        return new Response(pdf as Uint8Array<ArrayBuffer>, {
          headers: { 'content-type': 'application/pdf', 'content-disposition': 'inline; filename="request.pdf"' },
        })
      },
    },
    {
      method: 'POST',
      path: '/assistance/:request/work',
      permission: 'assistance.work:draft',
      input: workInput,
      summary: 'Add a line to our own work on a request; it stays here',
      handle: (visit) => noteWork(services, visit),
      onInvalid: (visit, errors) => showRequest(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/assistance/:request/incident',
      permission: 'assistance.work:draft',
      input: incidentInput,
      summary: 'Note at home to which incident a request belongs',
      handle: (visit) => linkIncident(services, visit),
      onInvalid: (visit, errors) => showRequest(services, visit, errors),
    },
    ...executionRoutes(services),
  ]
}

function executionRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/assistance/executions/:act/terms',
      permission: 'assistance.terms-taken:send',
      summary: 'The terms of use of what was handed over to us',
      handle: (visit) => showExecution(services, visit, 'terms'),
    },
    {
      method: 'POST',
      path: '/assistance/executions/:act/terms',
      permission: 'assistance.terms-taken:send',
      summary: 'Take the terms of use of what was handed over to us',
      async handle(visit) {
        const row = await getOurs(services, visit)
        if (!row.taken_first) throw new Refusal('not-found')
        const submission = await takeAbout(services, visit, row, 'assistance.terms-taken', { execution: row.hash })
        return answered(row, submission, 'terms-taken')
      },
    },
    {
      method: 'GET',
      path: '/assistance/executions/:act/dispose',
      permission: 'assistance.material-disposed:send',
      summary: 'Form: what was handed over to us was returned or deleted',
      handle: (visit) => showExecution(services, visit, 'dispose'),
    },
    {
      method: 'POST',
      path: '/assistance/executions/:act/dispose',
      permission: 'assistance.material-disposed:send',
      input: disposeInput,
      summary: 'Say that what was handed over to us was returned or deleted',
      async handle(visit) {
        const row = await getOurs(services, visit)
        const submission = await takeAbout(services, visit, row, 'assistance.material-disposed', {
          execution: row.hash,
          how: visit.input.how,
        })
        return answered(row, submission, 'disposed')
      },
      onInvalid: (visit, errors) => showExecution(services, visit, 'dispose', errors),
    },
  ]
}

async function showList(services: Services, visit: Visit<FilterInput>): Promise<Answer> {
  const { viewer, input } = visit
  const incident = input.incident === undefined ? undefined : await getIncident(services, viewer, input.incident)
  const among = incident && (await listOfIncident(services, incident.id))
  const [listed, spoken, figures, peers] = await Promise.all([
    listRequests(services, viewer, { ...input, among }),
    listSpoken(services),
    listFigures(services),
    services.peers.list(),
  ])
  if (visit.wantsJson) return { data: { requests: listed, spoken, figures } }
  const spaces = [...new Set([...listed, ...spoken].map(({ space }) => space))]
  const nows = new Map(
    await Promise.all(spaces.map(async (one) => [one, await services.ledger.scenarioNow(one)] as const)),
  )
  const parties = peers.map(({ party }) => party)
  return { page: <ListPage visit={visit} filter={input} {...{ listed, spoken, figures, nows, parties, incident }} /> }
}

async function showRequest(services: Services, visit: Visit<any>, errors?: Errors): Promise<Answer> {
  const { viewer } = visit
  const loaded = await loadRequest(services, viewer, visit.params.request ?? '')
  if (visit.wantsJson) {
    const { note, standing, course, clocks, handed } = loaded
    return { data: { request: note.hash, ...standing, course, clocks, handed } }
  }
  const [people, incidents] = mayWork(viewer)
    ? await Promise.all([services.people.list(), listIncidentChoices(services, viewer, loaded.space.id)])
    : [[], []]
  return {
    page: <RequestPage visit={visit} loaded={loaded} errors={errors} people={people} incidents={incidents} />,
    status: errors ? 422 : 200,
  }
}

/** @throws Refusal where the request is not on the record here */
async function getNote(services: Services, request = '') {
  const found = await findRequest(services.db, request)
  if (!found) throw new Refusal('not-found')
  return found.note
}

async function noteWork(services: Services, { viewer, params, input }: Visit<WorkInput>): Promise<Answer> {
  const { hash } = await getNote(services, params.request)
  if (input.kind === 'assigned' && input.person === undefined)
    throw new Refusal('assistance-assigned-to-nobody', { field: 'person' })
  if (input.kind !== 'assigned' && input.words === '') throw new Refusal('assistance-words-missing', { field: 'words' })
  await addWork(services, viewer, { ...input, request: hash })
  return { redirect: `/assistance/${hash}#work`, data: { request: hash } }
}

async function linkIncident(
  services: Services,
  { viewer, params, input }: Visit<{ incident: string }>,
): Promise<Answer> {
  const note = await getNote(services, params.request)
  const { id } = await getIncident(services, viewer, input.incident)
  const act = await actIdOf(services, note)
  if (act !== undefined) await setIncident(services, viewer, { author: note.author, act, incident: id })
  return { redirect: `/assistance/${note.hash}#work`, data: { request: note.hash } }
}

/** What was handed over to our party. @throws Refusal */
async function getOurs(services: Services, { params }: Visit<any>): Promise<ExecutionRow> {
  const row = await findExecution(services.db, params.act ?? '')
  if (row?.recipient !== services.party) throw new Refusal('not-found')
  return row
}

async function showExecution(
  services: Services,
  visit: Visit<any>,
  page: 'terms' | 'dispose',
  errors?: Errors,
): Promise<Answer> {
  const row = await getOurs(services, visit)
  const content = (
    await revealedContents<{ terms?: TermsOfUse }, { conditions?: string }>(services, visit.viewer, [row.hash])
  ).get(row.hash)
  if (!content) throw new Refusal('not-cleared')
  const props = { visit, row, terms: content.body?.terms, conditions: content.text?.conditions, errors }
  return { page: page === 'terms' ? <TermsPage {...props} /> : <DisposePage {...props} />, status: errors ? 422 : 200 }
}

async function takeAbout(
  services: Services,
  { viewer }: Visit<any>,
  row: ExecutionRow,
  type: string,
  body: Record<string, string>,
): Promise<Submission> {
  const act = await services.ledger.findAct(row.hash)
  if (!act) throw new Refusal('not-found')
  return takeStep(services, viewer, {
    space: row.space,
    type,
    about: row.hash,
    body,
    marking: { tlp: act.statement.marking.tlp },
  })
}

const answered = (row: ExecutionRow, submission: Submission, what: string): Answer => ({
  redirect: `/assistance/${row.request}`,
  data: { ...submission },
  notice: submission.state === 'on-record' ? `assistance.notice.${what}` : 'assistance.notice.signed',
})
