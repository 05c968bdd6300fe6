import type { z } from 'zod'
import { addStatuses, InvalidInput, Refusal, wordsOf } from '../../core/http/index.ts'
import { hash } from '../../core/module/fields.ts'
import { revealedContents } from '../../core/module/revealed-contents.ts'
import type { Answer, Json, Route, Services, Visit } from '../../core/module/types.ts'
import { isId } from '../../protocol/index.ts'
import { BundleRefusal, type ReadBundle } from '../exchange/index.ts'
import type { IncidentProse } from './acts.ts'
import { getIncident, listIncidents } from './incident.ts'
import * as inputs from './inputs.ts'
import { setSeverity, setState, writeBottomLine, writeFact, writeLogEntry } from './keep-record.ts'
import { linkSpace, listLinkable } from './link-space.ts'
import { incidentData, listObjects, loadIncident } from './load-incident.ts'
import { findOpenedFrom, readAttached } from './open-from-act.ts'
import { addObjects, openIncident, readUpload } from './open-incident.ts'
import { IncidentPage } from './pages/incident-page.tsx'
import { IncidentsPage } from './pages/list-page.tsx'
import { ObjectsPage, objectsPerPage } from './pages/objects-page.tsx'
import { faultWords, OpenPage, type OpenState } from './pages/open-page.tsx'
import type { Returned } from './pages/parts.tsx'
import { RecordPage } from './pages/record-page.tsx'
import { SharedPage } from './pages/shared-page.tsx'
import { TakeUpPage } from './pages/take-up-page.tsx'
import { GradePage, WeighingPage } from './pages/weighing-page.tsx'
import { listContests, listTakenUp } from './queries.ts'
import type { Consistency } from './ranking.ts'
import type { IncidentSource } from './tables.ts'
import { viewShared } from './shared-view.ts'
import { addEvidence, addHypothesis, recordAssessment, regradeEvidence, withdrawEvidence } from './weigh-hypotheses.ts'

const bundleCodes = [
  'not-utf8',
  'not-json',
  'too-deep',
  'doubled-name',
  'not-a-bundle',
  'bundle-without-id',
  'bundle-empty',
  'bad-objects',
  'above-ceiling',
]

/** Pages, forms and reads of incidents. */
export function incidentRoutes(services: Services): Route[] {
  addStatuses({
    ...Object.fromEntries(bundleCodes.map((code) => [`incidents.${code}`, 422])),
    'incidents.bundle-too-large': 413,
    'incidents.too-many-objects': 413,
    'incidents.space-not-found': 404,
    'incidents.attachment-not-found': 404,
    'incidents.contest-not-found': 404,
  })
  return [...openRoutes(), ...readRoutes(services), ...recordRoutes(), ...weighingRoutes(), ...takeUpRoutes()]
}

/** The incident named in the address; a malformed name is one that does not exist. */
function idOf({ params }: Pick<Visit, 'params'>): string {
  const { incident = '' } = params
  if (!isId(incident)) throw new Refusal('incidents.not-found')
  return incident
}

function readRoutes(services: Services): Route[] {
  const list = (visit: Visit) => listIncidents(services, visit.viewer)
  const one = async (visit: Visit) => incidentData(await loadIncident(services, visit.viewer, idOf(visit)))
  return [
    {
      method: 'GET',
      path: '/incidents',
      permission: 'incidents:read',
      summary: 'Incidents kept at home',
      handle: async (visit) =>
        visit.wantsJson
          ? { data: await list(visit) }
          : { page: <IncidentsPage visit={visit} incidents={await list(visit)} /> },
    },
    {
      method: 'GET',
      path: '/api/v1/incidents',
      permission: 'incidents:read',
      summary: 'Incidents kept at home',
      handle: async (visit) => ({ data: await list(visit) }),
    },
    {
      method: 'GET',
      path: '/api/v1/incidents/:incident',
      permission: 'incidents:read',
      summary: 'One incident with its record',
      handle: async (visit) => ({ data: await one(visit) }),
    },
    {
      method: 'GET',
      path: '/incidents/:incident',
      permission: 'incidents:read',
      summary: 'One incident with its record',
      async handle(visit) {
        const loaded = await loadIncident(services, visit.viewer, idOf(visit))
        return visit.wantsJson
          ? { data: incidentData(loaded) }
          : { page: <IncidentPage visit={visit} loaded={loaded} /> }
      },
    },
    {
      method: 'GET',
      path: '/incidents/:incident/objects',
      permission: 'incidents:read',
      summary: 'Objects of an incident',
      async handle(visit) {
        const incident = await getIncident(services, visit.viewer, idOf(visit))
        const asked = Number(visit.query.get('from') ?? 0)
        const from = Number.isSafeInteger(asked) && asked > 0 ? asked : 0
        const listed = await listObjects(services, visit.viewer, incident.id, { from, limit: objectsPerPage })
        if (visit.wantsJson) return { data: listed }
        return { page: <ObjectsPage visit={visit} incident={incident} from={from} {...listed} /> }
      },
    },
    {
      method: 'GET',
      path: '/incidents/:incident/shared/:space',
      permission: 'incidents:read',
      summary: 'What the other members of a space see of an incident',
      async handle(visit) {
        const view = await viewShared(services, visit.viewer, idOf(visit), visit.params.space ?? '')
        if (!visit.wantsJson) return { page: <SharedPage visit={visit} view={view} /> }
        const { parties, objects, all, acts } = view
        return {
          data: {
            parties,
            objects,
            all,
            acts: acts.map((shown) => ({ act: shown.act.hash, content: shown.content, withheld: shown.withheld })),
          },
        }
      },
    },
    {
      method: 'GET',
      path: '/incidents/:incident/weighing',
      permission: 'incidents:read',
      summary: 'Hypotheses and evidence',
      handle: (visit) => weighingPage(visit),
    },
    {
      method: 'GET',
      path: '/incidents/:incident/record',
      permission: 'incidents:draft',
      summary: 'Forms of the record',
      handle: (visit) => recordPage(visit),
    },
  ]
}

async function weighingPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  return { page: <WeighingPage visit={visit} loaded={loaded} returned={returned} />, ...(returned && { status: 422 }) }
}

async function gradePage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const item = loaded.weighing.evidence.find((one) => one.id === visit.params.evidence && one.withdrawnAt === undefined)
  if (!item) throw new Refusal('incidents.evidence-not-found')
  return {
    page: <GradePage visit={visit} loaded={loaded} item={item} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}

async function recordPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const loaded = await loadIncident(visit.services, visit.viewer, idOf(visit))
  const linkable = await listLinkable(visit.services, loaded.incident, loaded.spaces)
  return {
    page: <RecordPage visit={visit} loaded={loaded} linkable={linkable} returned={returned} />,
    ...(returned && { status: 422 }),
  }
}

// ── Opening ────────────────────────────────────────────────────────────────

function openRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/incidents/open',
      permission: 'incidents:draft',
      summary: 'Form that opens an incident',
      async handle(visit) {
        const { act, part } = Object.fromEntries(visit.query)
        if (act === undefined) return openPage(visit, { values: {}, errors: {} })
        const attached = await attachedTo(visit, act, part)
        const opened = await findOpenedFrom(visit.services, act, attached.part)
        if (opened) return { redirect: `/incidents/${opened}`, notice: 'incidents.notice.opened-already' }
        return openPage(visit, { values: {}, errors: {}, attached })
      },
    },
    {
      method: 'POST',
      path: '/incidents',
      permission: 'incidents:draft',
      input: inputs.openInput,
      fileBytes: inputs.bundleBytes,
      summary: 'Open an incident',
      handle: (visit) => open(visit),
      async onInvalid(visit, errors) {
        const { act, part } = (visit.values ?? {}) as Record<string, string>
        const attached = act === undefined ? undefined : await attachedTo(visit, act, part)
        return openPage(visit, { values: visit.values ?? {}, errors, attached })
      },
    },
  ]
}

async function attachedTo({ services, viewer }: Visit, act: unknown, part: unknown) {
  if (!hash.safeParse(act).success || !hash.safeParse(part).success) throw new Refusal('incidents.attachment-not-found')
  return readAttached(services, viewer, act as string, part as string)
}

function openPage(visit: Visit, state: OpenState): Answer {
  const failed = Object.keys(state.errors).length > 0 || state.refused !== undefined
  return { page: <OpenPage visit={visit} state={state} />, ...(failed && { status: 422 }) }
}

async function open(visit: Visit<z.infer<typeof inputs.openInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const attached = input.act === undefined ? undefined : await attachedTo(visit, input.act, input.part)
  if (attached && (attached.space.drill !== undefined) !== input.drill)
    throw InvalidInput.at('drill', 'incidents.invalid.drill')
  try {
    const bundle = attached?.bundle ?? (input.file && readUpload(services, input.file.content))
    const { file, act: _act, part: _part, codeName, ...rest } = input
    const source: IncidentSource = attached
      ? {
          kind: 'act',
          space: attached.space.id,
          act: attached.act.hash,
          part: attached.part,
          party: attached.act.statement.author,
          bundle: attached.bundle.id,
        }
      : bundle && file
        ? { kind: 'bundle', file: file.name.slice(0, 255), bundle: bundle.id }
        : { kind: 'form' }
    const id = await openIncident(services, viewer, {
      ...rest,
      ...(codeName && { codeName }),
      source,
      ...(bundle && { bundle }),
    })
    if (attached) await linkSpace(services, viewer, id, attached.space.id)
    return { redirect: `/incidents/${id}`, notice: 'incidents.notice.opened', data: { id } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refusedOpening(visit, error, attached)
  }
}

/** The form again with everything typed; JSON clients get the problem, with its first faults in words. */
function refusedOpening(visit: Visit, refusal: Refusal, attached: OpenState['attached']): Answer {
  if (visit.wantsJson) throw located(visit, refusal)
  const words = refusalWords(visit, refusal)
  const field =
    refusal.code === 'incidents.code-name-taken'
      ? 'codeName'
      : refusal.code.startsWith('incidents.marking-')
        ? 'marking'
        : 'file'
  const faults = refusal instanceof BundleRefusal ? refusal.faults : []
  const count = Number(refusal.facts.count ?? faults.length)
  return openPage(visit, {
    values: visit.values ?? {},
    errors: { [field]: words },
    attached,
    ...(refusal instanceof BundleRefusal && { refused: { words, faults, more: Math.max(0, count - faults.length) } }),
  })
}

function located(visit: Visit, refusal: Refusal): Error {
  if (!(refusal instanceof BundleRefusal) || refusal.faults.length === 0) return refusal
  return new InvalidInput(
    refusal.faults.map((fault) => ({
      code: 'custom',
      path: ['file', 'objects', fault.object - 1, ...(fault.property ? [fault.property] : [])],
      message: `incidents.stix.${fault.rule}`,
      words: faultWords(visit, fault),
    })),
  )
}

/** The sentence of a refusal. */
function refusalWords(visit: Visit, refusal: Refusal): string {
  return wordsOf(refusal, { t: visit.t, language: visit.language })
}

// ── The record ─────────────────────────────────────────────────────────────

type Act<S extends z.ZodType> = (visit: Visit<z.infer<S>>, incident: string) => Promise<unknown>
type Again = (visit: Visit, returned?: Returned) => Promise<Answer>

/** One form of a page of an incident: on success back to `to`, else the page again with what was typed. */
function form<S extends z.ZodType>(
  {
    path,
    name = path,
    input,
    to,
    summary,
    again,
    permission = 'incidents:draft',
    fileBytes,
  }: {
    path: string
    name?: string
    input?: S
    to: string
    summary: string
    again: Again
    permission?: Route['permission']
    fileBytes?: number
  },
  act: Act<S>,
): Route {
  const returned = (visit: Visit, errors: Record<string, string>, trouble?: string) =>
    again(visit, { form: name, values: visit.values ?? {}, errors, ...(trouble && { trouble }) })
  return {
    method: 'POST',
    path: `/incidents/:incident/${path}`,
    permission,
    input,
    ...(fileBytes !== undefined && { fileBytes }),
    summary,
    async handle(visit) {
      const incident = idOf(visit)
      try {
        const data = await act(visit as Visit<z.infer<S>>, incident)
        return {
          redirect: `/incidents/${incident}${to}`,
          notice: 'incidents.notice.saved',
          data: (data ?? { id: incident }) as Json,
        }
      } catch (error) {
        if (!(error instanceof Refusal) || visit.wantsJson || error.code === 'incidents.not-found') throw error
        const words = refusalWords(visit, error)
        if (error instanceof BundleRefusal)
          return returned(visit, { file: [words, ...error.faults.map((one) => faultWords(visit, one))].join(' ') })
        return typeof error.facts.field === 'string'
          ? returned(visit, { [error.facts.field]: words })
          : returned(visit, {}, words)
      }
    },
    onInvalid: (visit, errors) => returned(visit, errors),
  }
}

function recordRoutes(): Route[] {
  const again: Again = recordPage
  return [
    form(
      {
        path: 'bottom-line',
        input: inputs.bottomLineInput,
        to: '#bottom-line',
        summary: 'Write the three sentences',
        again,
      },
      ({ services, viewer, input }, id) => writeBottomLine(services, viewer, id, input),
    ),
    form(
      {
        path: 'facts',
        input: inputs.factInput,
        to: '#known',
        summary: 'Add what is known, not known or contested',
        again,
      },
      ({ services, viewer, input: { kind, ...input } }, id) =>
        writeFact(services, viewer, id, { ...input, state: kind }),
    ),
    form(
      { path: 'log', input: inputs.logInput, to: '#timeline', summary: 'Write into the log', again },
      ({ services, viewer, input }, id) =>
        writeLogEntry(services, viewer, id, { id: input.id, words: input.entry, at: input.at }),
    ),
    form(
      { path: 'severity', input: inputs.severityInput, to: '', summary: 'Answer the questions of severity', again },
      ({ services, viewer, input }, id) => setSeverity(services, viewer, id, input as Record<string, number>),
    ),
    form(
      {
        path: 'state',
        input: inputs.stateInput,
        to: '',
        summary: 'Open, contain or close',
        again,
        permission: 'incidents:manage',
      },
      ({ services, viewer, input }, id) => setState(services, viewer, id, input.state),
    ),
    form(
      { path: 'spaces', input: inputs.linkInput, to: '#spaces', summary: 'Note that a space belongs to it', again },
      ({ services, viewer, input }, id) => linkSpace(services, viewer, id, input.space),
    ),
    form(
      {
        path: 'objects',
        input: inputs.objectsInput,
        fileBytes: inputs.bundleBytes,
        to: '#objects',
        summary: 'Take in objects of a bundle',
        again,
      },
      takeIn,
    ),
  ]
}

async function takeIn(visit: Visit<z.infer<typeof inputs.objectsInput>>, incident: string): Promise<Json> {
  const { services, viewer, input } = visit
  let bundle: ReadBundle
  let from: string
  if (input.act !== undefined) {
    const attached = await attachedTo(visit, input.act, input.part)
    await linkSpace(services, viewer, incident, attached.space.id)
    bundle = attached.bundle
    from = attached.act.statement.author
  } else if (input.file) {
    bundle = readUpload(services, input.file.content)
    from = input.file.name.slice(0, 255)
  } else {
    throw InvalidInput.at('file', 'incidents.invalid.file')
  }
  return { added: await addObjects(services, viewer, incident, { id: input.id, bundle, from }) }
}

// ── Weighing ───────────────────────────────────────────────────────────────

function weighingRoutes(): Route[] {
  const again: Again = weighingPage
  return [
    form(
      { path: 'hypotheses', input: inputs.hypothesisInput, to: '/weighing', summary: 'Add a hypothesis', again },
      ({ services, viewer, input }, id) =>
        addHypothesis(services, viewer, id, { id: input.id, words: input.statement }),
    ),
    form(
      {
        path: 'evidence',
        input: inputs.evidenceInput,
        to: '/weighing',
        summary: 'Add evidence, graded and marked',
        again,
      },
      async (visit, id) => {
        const { words, source, reliability, credibility, tlp, stixId, id: item } = visit.input
        const marks = await marksOf(visit, id)
        await addEvidence(visit.services, visit.viewer, id, {
          id: item as string,
          words,
          source,
          reliability,
          credibility,
          tlp,
          stixId,
          marks,
        })
      },
    ),
    {
      method: 'GET',
      path: '/incidents/:incident/evidence/:evidence',
      permission: 'incidents:draft',
      summary: 'Form that grades evidence anew',
      handle: (visit) => gradePage(visit),
    },
    form(
      {
        path: 'evidence/:evidence/grade',
        name: 'grade',
        input: inputs.gradeInput,
        to: '/weighing',
        summary: 'Grade evidence anew',
        again: gradePage,
      },
      async (visit, id) => {
        const { reliability, credibility } = visit.input
        await regradeEvidence(visit.services, visit.viewer, id, visit.params.evidence ?? '', {
          reliability: reliability as string,
          credibility: credibility as string,
          marks: await marksOf(visit, id),
        })
      },
    ),
    form(
      {
        path: 'evidence/:evidence/withdraw',
        to: '/weighing',
        summary: 'Take evidence out of the weighing',
        again: gradePage,
      },
      ({ services, viewer, params }, id) => withdrawEvidence(services, viewer, id, params.evidence ?? ''),
    ),
    form(
      {
        path: 'assessments',
        input: inputs.assessmentInput,
        to: '/weighing#history',
        summary: 'Record an assessment',
        again,
      },
      ({ services, viewer, input }, id) => recordAssessment(services, viewer, id, input),
    ),
  ]
}

/** Marks by the number of the hypothesis, as forms name them, put under its id. */
async function marksOf(
  { services, input }: Visit<Record<string, unknown>>,
  incident: string,
): Promise<Record<string, Consistency>> {
  const hypotheses = await services.db
    .selectFrom('home.incidents_hypothesis')
    .select(['id', 'number'])
    .where('incident', '=', incident)
    .execute()
  return Object.fromEntries(
    hypotheses.flatMap(({ id, number }) => {
      const mark = input[`mark-${number}`]
      return mark === undefined ? [] : [[id, mark as Consistency]]
    }),
  )
}

// ── What the other side contests ───────────────────────────────────────────

function takeUpRoutes(): Route[] {
  const path = '/incidents/contests/:contest/take-up'
  return [
    {
      method: 'GET',
      path,
      permission: 'incidents:draft',
      summary: 'Form that takes a contest into an incident',
      handle: (visit) => takeUpPage(visit, {}),
    },
    {
      method: 'POST',
      path,
      permission: 'incidents:draft',
      input: inputs.takeUpInput,
      summary: 'Take a contest into an incident',
      async handle(visit) {
        const { services, viewer, input } = visit as Visit<z.infer<typeof inputs.takeUpInput>>
        const contest = await contestOf(visit)
        const { incident, id, words } = input
        await writeFact(services, viewer, incident, { id, words, state: 'contested', act: contest.hash })
        await linkSpace(services, viewer, incident, contest.space)
        return {
          redirect: `/incidents/${incident}#contested`,
          notice: 'incidents.notice.taken-up',
          data: { id: incident },
        }
      },
      onInvalid: (visit, errors) => takeUpPage(visit, errors),
    },
  ]
}

async function contestOf({ services, params }: Visit) {
  const named = params.contest ?? ''
  const contest = hash.safeParse(named).success ? (await listContests(services.db, [named])).get(named) : undefined
  if (!contest || contest.about_author !== services.party) throw new Refusal('incidents.contest-not-found')
  return contest
}

async function takeUpPage(visit: Visit, errors: Record<string, string>): Promise<Answer> {
  const { services, viewer } = visit
  const contest = await contestOf(visit)
  const taken = (await listTakenUp(services.db, [contest.hash])).get(contest.hash)
  if (taken) return { redirect: `/incidents/${taken}#contested`, notice: 'incidents.notice.taken-up' }
  const space = await services.ledger.find(contest.space)
  const contents = await revealedContents<unknown, IncidentProse>(services, viewer, [contest.hash])
  const linked = await listIncidents(services, viewer, { space: contest.space })
  const others = await listIncidents(services, viewer, { drill: space?.drill !== undefined })
  const incidents = [...linked, ...others.filter((one) => !linked.some((same) => same.id === one.id))].filter(
    (one) => one.state !== 'closed',
  )
  return {
    page: (
      <TakeUpPage
        visit={visit}
        contest={contest}
        text={contents.get(contest.hash)?.text}
        incidents={incidents}
        values={visit.values ?? {}}
        errors={errors}
      />
    ),
    ...(Object.keys(errors).length > 0 && { status: 422 }),
  }
}
