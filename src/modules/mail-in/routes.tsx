import { z } from 'zod'
import { addStatuses, fieldErrors, handOut, InvalidInput, Refusal, wordsOf } from '../../core/http/index.ts'
import type { Answer, Route, Services, Viewer, Visit } from '../../core/module/types.ts'
import { isId, newId } from '../../protocol/index.ts'
import { tlpLabels } from '../../protocol/types.ts'
import { categoryCodes, getIncident, listIncidents, lookIntoBundle } from '../incidents/index.ts'
import { type BundleInMail, ReportPage } from './pages/report-page.tsx'
import { ReportsPage } from './pages/reports-page.tsx'
import {
  deskPower,
  getReport,
  letWait,
  listReports,
  readFiles,
  readRaw,
  type Report,
  type ReportList,
  reportsPerPage,
  setAside,
} from './reports.ts'
import { goOn, takeUp } from './take-up.ts'

const place = z.coerce.number().int().min(0).max(100)
const places = z
  .union([place.transform((one) => [one]), z.array(place).max(50)])
  .optional()
  .transform((chosen) => chosen ?? [])
const id = z.string().regex(/^[0-9a-f]{32}$/)
const line = (most: number) => z.string().trim().min(1).max(most)
const marking = z.enum(tlpLabels)
const asideInput = z.object({ why: line(600) })
const addInput = z.object({
  incident: id,
  as: z.enum(['evidence', 'entry']).default('evidence'),
  marking,
  files: places,
  objects: places,
})
const openInput = z.object({
  id: id.default(() => newId()),
  title: line(200),
  category: z.enum(categoryCodes as [string, ...string[]]),
  readers: z.enum(['house', 'named']).default('named'),
  openMarking: marking,
  files: places,
  objects: places,
})

const lists = ['waiting', 'automatic', 'settled'] as const

/** The list of reports received by mail, each of them, and what is decided on it. */
export function mailInRoutes(services: Services): Route[] {
  addStatuses({ 'mail-in.not-found': 404, 'mail-in.settled': 409 })
  const common = { permission: deskPower } as const
  return [
    {
      ...common,
      method: 'GET',
      path: '/reports-received',
      summary: 'Reports received by mail',
      async handle(visit) {
        const asked = visit.query.get('list')
        const list: ReportList = lists.find((one) => one === asked) ?? 'waiting'
        const number = Number(visit.query.get('from') ?? 0)
        const from = Number.isSafeInteger(number) && number > 0 ? number : 0
        const reports = await listReports(services, visit.viewer, list, { from, limit: reportsPerPage + 1 })
        if (visit.wantsJson) return { data: reports.map((one) => ({ ...one })) }
        return { page: <ReportsPage visit={visit} list={list} reports={reports} from={from} /> }
      },
    },
    {
      ...common,
      method: 'GET',
      path: '/reports-received/:report',
      summary: 'A report received by mail',
      handle: (visit) => reportPage(visit),
    },
    {
      ...common,
      method: 'GET',
      path: '/reports-received/:report/message',
      summary: 'The message as it was delivered, as bytes to keep',
      async handle(visit) {
        const raw = await readRaw(services, visit.viewer, reportOf(visit))
        const name = `report-${reportOf(visit).slice(0, 8)}.eml.txt`
        const pieces = (async function* () {
          yield raw
        })()
        return handOut({ name, media: 'application/octet-stream', size: raw.byteLength, pieces })
      },
    },
    deciding('aside', asideInput, 'Set a report aside', async ({ services, viewer, input }, report) => {
      await setAside(services, viewer, report, input.why)
      return { redirect: '/reports-received', notice: 'mail-in.notice.aside' }
    }),
    deciding('wait', undefined, 'Let a report wait again that was set aside', async ({ services, viewer }, report) => {
      const { state } = await getReport(services, viewer, report)
      if (state === 'taken') throw new Refusal('mail-in.settled')
      await letWait(services, viewer, report)
      return { redirect: `/reports-received/${report}` }
    }),
    deciding('add', addInput, 'Add a report to an incident', (visit, report) => {
      const { as, ...given } = visit.input
      if (as === 'entry' && given.files.length > 0) throw InvalidInput.at('files', 'mail-in.files-need-evidence')
      return taken(visit, report, { ...given, ...(as === 'entry' && { as }) })
    }),
    deciding('open', openInput, 'Open an incident from a report', (visit, report) => {
      const { id: incident, title, category, readers, openMarking, files, objects } = visit.input
      const opens = { title, category, isRestricted: readers === 'named' }
      return taken(visit, report, { incident, opens, marking: openMarking, files, objects })
    }),
    deciding('go-on', undefined, 'Go on with what was decided on a report and interrupted', async (visit, report) => {
      if (!visit.viewer.may('incidents:draft')) throw new Refusal('not-permitted')
      const { incident, refused } = await goOn(visit, report)
      return takenAnswer(incident, refused)
    }),
  ]
}

async function taken(visit: Visit<unknown>, report: string, given: Parameters<typeof takeUp>[2]): Promise<Answer> {
  if (!visit.viewer.may('incidents:draft')) throw new Refusal('not-permitted')
  return takenAnswer(given.incident, await takeUp(visit, report, given))
}

const takenAnswer = (incident: string, refused: string[]): Answer => ({
  redirect: `/incidents/${incident}`,
  notice: refused.length === 0 ? 'mail-in.notice.taken' : 'mail-in.notice.some-files-not-taken',
  data: { incident, refused },
})

function reportOf({ params }: Pick<Visit, 'params'>): string {
  const { report = '' } = params
  if (!isId(report)) throw new Refusal('mail-in.not-found')
  return report
}

function deciding<S extends z.ZodType>(
  path: string,
  input: S | undefined,
  summary: string,
  act: (visit: Visit<z.infer<S>>, report: string) => Promise<Answer>,
): Route {
  const again = (visit: Visit, errors: Record<string, string>, trouble?: string) =>
    reportPage(visit, { form: path, values: visit.values ?? {}, errors, ...(trouble && { trouble }) })
  return {
    method: 'POST',
    path: `/reports-received/:report/${path}`,
    permission: deskPower,
    input,
    summary,
    async handle(visit) {
      try {
        return await act(visit as Visit<z.infer<S>>, reportOf(visit))
      } catch (error) {
        if (error instanceof InvalidInput && !visit.wantsJson) return again(visit, fieldErrors(error, visit.t))
        if (!(error instanceof Refusal) || visit.wantsJson || error.code.endsWith('not-found')) throw error
        return again(visit, {}, wordsOf(error, { t: visit.t, language: visit.language }))
      }
    },
    onInvalid: (visit, errors) => again(visit, errors),
  }
}

/** A form of the page that came back. */
export interface Returned {
  form: string
  values: Record<string, unknown>
  errors: Record<string, string>
  trouble?: string
}

/** Of the incident it was taken up in only those are told who may know of that. */
async function withoutHidden({ services, viewer }: Visit, report: Report): Promise<Report> {
  const { incident, ...rest } = report
  if (incident === undefined) return report
  const isKnown = await getIncident(services, viewer, incident).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Refusal) return false
      throw error
    },
  )
  return isKnown ? report : rest
}

async function reportPage(visit: Visit, returned?: Returned): Promise<Answer> {
  const { services, viewer } = visit
  const report = await withoutHidden(visit, await getReport(services, viewer, reportOf(visit)))
  if (visit.wantsJson) return { data: { ...report } }
  const choices = (await listIncidents(services, viewer, { drill: false })).filter(({ state }) => state !== 'closed')
  const bundles = await lookInto(services, viewer, report)
  const settledBy = report.settledBy && ((await services.people.find(report.settledBy))?.name ?? report.settledBy)
  return {
    page: <ReportPage {...{ visit, report, bundles, settledBy, choices, returned }} />,
    ...(returned && { status: 422 }),
  }
}

/** What is in each file that is a bundle, or says it is one, while the report can be taken up. */
async function lookInto(services: Services, viewer: Viewer, { id, state, files }: Report): Promise<BundleInMail[]> {
  if (state !== 'waiting') return []
  const looked: BundleInMail[] = []
  for (const { place } of files.filter(mayBeBundle)) {
    const [file] = await readFiles(services, viewer, id, [place])
    const inside = file && (await lookIntoBundle(services, file))
    if (file && inside) looked.push({ place, name: file.name, inside })
  }
  return looked
}

const mayBeBundle = ({ name, media }: Report['files'][number]): boolean =>
  /json|stix/i.test(media) || /\.(json|stix)$/i.test(name)
