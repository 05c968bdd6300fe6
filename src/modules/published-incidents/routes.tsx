import { z } from 'zod'
import { addStatuses, fileInput, InvalidInput, Refusal } from '../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../core/module/types.ts'
import { findStanding, getBatch, listBatches, listProblems, listStanding, type Batch } from './batches.ts'
import { beginBatch } from './import-batch.ts'
import { keepBatch, previewOf, removeBatch } from './keep-batch.ts'
import { loadStatistics } from './keep-figures.ts'
import { type Criteria, getPublished, listPublished } from './list-published.ts'
import { BatchPage, ImportsPage, problemsPerPage } from './pages/import-pages.tsx'
import { ListPage } from './pages/list-page.tsx'
import { PublishedPage } from './pages/published-page.tsx'
import { StatisticsPage } from './pages/statistics-page.tsx'
import type { GivenFile } from './read-set.ts'
import { findTakenUp, takeUpPage } from './take-up.tsx'
import { fileKinds } from './vocabulary.ts'

/** Bytes of the files of one import, all together. */
const mostBytes = 32 * 1024 * 1024

const read = 'incidents:read' as const
const manage = 'incidents.published:manage' as const

/** Lists, pages and figures of what was published, and its imports. */
export function publishedIncidentRoutes(services: Services): Route[] {
  addStatuses({ 'published-incidents.not-found': 404, 'published-incidents.batch-not-found': 404 })
  // An address of an import has the shape of one of an incident: the first that fits answers.
  return [...importRoutes(services), ...readingRoutes(services)]
}

/** What was typed into an address by hand narrows nothing rather than failing. */
const optional = <T extends z.ZodType>(type: T) => type.optional().catch(undefined)
const value = optional(z.string().trim().min(1).max(300))
const day = optional(z.iso.date())

const listInput = z.object({
  set: value,
  from: day,
  until: day,
  victim: value,
  initiator: value,
  category: value,
  type: value,
  sector: value,
  basis: value,
  intensity: optional(z.coerce.number().min(0).max(15)),
  words: value,
  page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1),
})
type ListInput = z.infer<typeof listInput>

function readingRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/published-incidents',
      permission: read,
      input: listInput,
      summary: 'Incidents that a data set has published, narrowed by the address',
      handle: (visit: Visit<ListInput>) => list(services, visit),
    },
    {
      method: 'GET',
      path: '/published-incidents/statistics',
      permission: read,
      input: z.object({ set: value }),
      summary: 'Figures of a data set, with method, n and what could not be used',
      async handle(visit: Visit<{ set?: string }>) {
        const batch = await standing(services, visit.input.set)
        const statistics = await loadStatistics(services, batch.id)
        if (visit.wantsJson) return { data: { ...sourceOf(batch), ...statistics } }
        return { page: <StatisticsPage visit={visit} batch={batch} statistics={statistics} /> }
      },
    },
    {
      method: 'GET',
      path: '/published-incidents/:set/:ref',
      permission: read,
      summary: 'One published incident with attributions, receivers and responses',
      async handle(visit) {
        const batch = await standing(services, visit.params.set)
        const published = await getPublished(services, batch, visit.params.ref ?? '')
        if (visit.wantsJson) return { data: { ...sourceOf(batch), ...published } }
        const { takenUp } = await findTakenUp(services, visit.viewer, batch, published.incident.ref)
        return { page: <PublishedPage visit={visit} batch={batch} published={published} takenUp={takenUp} /> }
      },
    },
    {
      method: 'GET',
      path: '/published-incidents/:set/:ref/take-up',
      permission: 'incidents:draft',
      summary: 'Form that opens an incident of our own, filled with what was published',
      async handle(visit) {
        const batch = await standing(services, visit.params.set)
        return takeUpPage(visit, batch, await getPublished(services, batch, visit.params.ref ?? ''))
      },
    },
  ]
}

async function standing(services: Services, set: string | undefined): Promise<Batch> {
  const batch = await findStanding(services, set)
  if (!batch) throw new Refusal('published-incidents.not-found')
  return batch
}

const sourceOf = ({ name, edition, source, licence }: Batch) => ({ set: name, edition, source, licence })

async function list(services: Services, visit: Visit<ListInput>): Promise<Answer> {
  const { set, page, ...criteria } = visit.input
  const all = await listStanding(services)
  const batch = set === undefined ? all[0] : all.find((one) => one.set === set)
  const listed = batch
    ? await listPublished(services, batch.id, criteria as Criteria, page)
    : { incidents: [], count: 0 }
  if (visit.wantsJson) return { data: { ...(batch && sourceOf(batch)), ...listed } }
  return {
    page: <ListPage visit={visit} batch={batch} standing={all} criteria={criteria} page={page} listed={listed} />,
  }
}

const line = (max: number) => z.string().trim().min(1).max(max)
const importInput = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/),
  name: line(80),
  edition: line(40),
  source: line(300),
  licence: line(300),
  incidents: fileInput,
  attributions: fileInput.optional(),
  receivers: fileInput.optional(),
})
type ImportInput = z.infer<typeof importInput>

function importRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/published-incidents/imports',
      permission: manage,
      summary: 'Imports of data sets, and the form for a new one',
      handle: (visit) => importsPage(services, visit),
    },
    {
      method: 'POST',
      path: '/published-incidents/imports',
      permission: manage,
      input: importInput,
      fileBytes: mostBytes,
      summary: 'Take in the files of a data set; nothing of it stands before it was looked at and kept',
      async handle({ input, viewer }: Visit<ImportInput>) {
        const files = fileKinds.flatMap((kind) => (input[kind] ? [fileOf(kind, input[kind])] : []))
        const { id, name, edition, source, licence } = input
        await beginBatch(services, viewer, { id, name, edition, source, licence, files })
        return { redirect: `/published-incidents/imports/${id}`, data: { id } }
      },
      onInvalid: (visit, errors) => importsPage(services, visit, errors),
    },
    {
      method: 'GET',
      path: '/published-incidents/imports/:batch',
      permission: manage,
      summary: 'One import: progress, what it would change, what could not be understood',
      handle: (visit) => batchPage(services, visit),
    },
    decision(services, 'keep', keepBatch, 'Let an import stand in place of the one of its set'),
    decision(services, 'remove', removeBatch, 'Remove an import with every row of it'),
  ]
}

function decision(services: Services, name: 'keep' | 'remove', decide: typeof keepBatch, summary: string): Route {
  return {
    method: 'POST',
    path: `/published-incidents/imports/:batch/${name}`,
    permission: manage,
    summary,
    async handle({ viewer, params }) {
      const id = params.batch ?? ''
      await decide(services, viewer, id)
      return {
        redirect: name === 'keep' ? '/published-incidents' : `/published-incidents/imports/${id}`,
        notice: `published-incidents.notice.${name}`,
        data: { id },
      }
    },
  }
}

function fileOf(kind: GivenFile['kind'], { name, content }: { name: string; content: Uint8Array }): GivenFile {
  try {
    return { kind, name, text: new TextDecoder('utf-8', { fatal: true }).decode(content) }
  } catch {
    throw InvalidInput.at(kind, 'published-incidents.not-text')
  }
}

async function namesOf({ people }: Services): Promise<Map<string, string>> {
  return new Map((await people.list()).map(({ id, name }) => [id, name]))
}

async function importsPage(services: Services, visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> {
  const [batches, names] = await Promise.all([listBatches(services), namesOf(services)])
  if (visit.wantsJson && !errors) return { data: batches.map(({ choices: _, ...batch }) => batch) }
  const most = Math.min(mostBytes, services.settings.maxUploadBytes ?? mostBytes)
  return {
    page: <ImportsPage visit={visit} batches={batches} names={names} mostBytes={most} errors={errors} />,
    ...(errors && { status: 422 }),
  }
}

async function batchPage(services: Services, visit: Visit): Promise<Answer> {
  const batch = await getBatch(services, visit.params.batch ?? '')
  const asked = Number(visit.query.get('from') ?? 0)
  const from = Number.isSafeInteger(asked) && asked > 0 ? asked : 0
  const [preview, problems, names] = await Promise.all([
    batch.state === 'read' ? previewOf(services, batch.id) : undefined,
    batch.state === 'reading' ? [] : listProblems(services, batch.id, { from, limit: problemsPerPage }),
    namesOf(services),
  ])
  if (visit.wantsJson) {
    const { choices: _, ...said } = batch
    return { data: { ...said, ...(preview && { preview }), problems } }
  }
  return {
    page: <BatchPage visit={visit} batch={batch} names={names} preview={preview} problems={problems} from={from} />,
  }
}
