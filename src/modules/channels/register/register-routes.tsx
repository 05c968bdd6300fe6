import { z } from 'zod'
import { audit } from '../../../core/auth/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Answer, Route, Services, Visit } from '../../../core/module/types.ts'
import { documentStates } from '../../../core/module/registered.ts'
import { copiesFor } from '../access-copies/access-copy.ts'
import { DocumentPage } from './document-page.tsx'
import { disposals } from './file-plan.ts'
import { fileDocument, liftHold, listFiles, listHolds, listPlan, noteNoAnswer, planFile, setHold } from './filing.ts'
import { FilesPage } from './files-page.tsx'
import { atHome } from '../../../core/markings/index.ts'
import { listParties, openMarkings, type RegisterFilter } from './find-rows.ts'
import { listDocuments, type RegisterEntry } from './list-documents.ts'
import { registerCsv } from './register-csv.ts'
import { registerSheet } from './register-sheet.ts'
import { RegisterPage } from './register-page.tsx'
import { documentKinds } from './register-words.ts'

const entriesPerPage = 100
/** A register of more lines is taken in periods. */
const csvLines = 10_000
/** So many lines are some fifty pages. */
const sheetLines = 1_000

const id = z.string().regex(/^[0-9a-f]{32}$/)
const code = z
  .string()
  .trim()
  .min(1)
  .max(20)
  .regex(/^[\p{L}\p{N}./-]+$/u)
const fileInput = z.object({ code })
const holdInput = z.object({
  id,
  reason: z.string().trim().min(1).max(300),
  scope: z.enum(['act', 'code']).default('act'),
})
const planInput = z.object({
  code,
  title: z.string().trim().min(1).max(200),
  years: z.union([z.literal('').transform(() => undefined), z.coerce.number().int().min(1).max(200)]).optional(),
  disposal: z.enum(disposals).default('transfer'),
})

export function registerRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/register',
      permission: 'register:read',
      summary: 'Register of documents that came and went, by party, form, file, state and period',
      async handle(visit) {
        const page = Math.min(Math.max(0, Number(visit.query.get('page')) || 0), 10_000)
        const filter = { ...filterOf(services, visit.query), limit: entriesPerPage + 1, offset: page * entriesPerPage }
        const found = await listDocuments(services, visit.viewer, filter, visit.wantsJson ? 'api' : 'page')
        const entries = found.slice(0, entriesPerPage)
        if (visit.wantsJson) return { data: entries }
        const [files, parties] = await Promise.all([
          listPlan(services),
          openFor(services, visit).then((open) => listParties(services, visit.viewer, open)),
        ])
        const more = found.length > entriesPerPage
        return { page: <RegisterPage {...{ visit, entries, files, parties, page, more }} /> }
      },
    },
    {
      method: 'GET',
      path: '/register/csv',
      permission: 'register:read',
      summary: 'The same register as CSV',
      async handle(visit) {
        const filter = { ...filterOf(services, visit.query), limit: csvLines }
        const entries = await listDocuments(services, visit.viewer, filter, 'print')
        await noteTaken(services, visit)
        return new Response(registerCsv(visit, entries), {
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': 'attachment; filename="register.csv"',
          },
        })
      },
    },
    {
      method: 'GET',
      path: '/register/pdf',
      permission: 'register:read',
      summary: 'The same register as a sheet to print or keep, marked on each page',
      async handle(visit) {
        const filter = filterOf(services, visit.query)
        const found = await listDocuments(services, visit.viewer, { ...filter, limit: sheetLines + 1 }, 'print')
        const [entries, isCut] = [found.slice(0, sheetLines), found.length > sheetLines]
        const pdf = await registerSheet(visit, { entries, isCut, filter, files: await listPlan(services) })
        await noteTaken(services, visit)
        return new Response(new Uint8Array(pdf), {
          headers: {
            'content-type': 'application/pdf',
            'content-disposition': 'inline; filename="register.pdf"',
            'cache-control': 'private, no-store',
          },
        })
      },
    },
    {
      method: 'GET',
      path: '/register/files',
      permission: 'register:read',
      summary: 'The file plan: codes, years of keeping, what is then decided',
      handle: (visit) => showFiles(services, visit),
    },
    {
      method: 'POST',
      path: '/register/files',
      permission: 'register.plan:release',
      input: planInput,
      summary: 'Add a code to the file plan, or change what stands under it',
      async handle(visit: Visit<z.infer<typeof planInput>>) {
        const { years, ...file } = visit.input
        await planFile(services, visit.viewer.person, { ...file, years: years ?? null })
        return { redirect: '/register/files', notice: 'channels.register.notice.planned', data: { code: file.code } }
      },
      onInvalid: (visit, errors) => showFiles(services, visit, errors),
    },
    {
      method: 'GET',
      path: '/register/:act',
      permission: 'register:read',
      summary: 'The card of one document: references, file, how long it is kept, legal holds',
      handle: (visit) => showDocument(services, visit),
    },
    {
      method: 'POST',
      path: '/register/:act/file',
      permission: 'register.filing:draft',
      input: fileInput,
      summary: 'Put a document under a file code',
      async handle(visit: Visit<{ code: string }>) {
        const { id: act } = await getDocument(services, visit)
        if (!(await fileDocument(services, visit.viewer.person, act, visit.input.code)))
          throw InvalidInput.at('code', 'channels.register.no-such-code')
        return card(act, 'filed')
      },
      onInvalid: (visit, errors) => showDocument(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/register/:act/no-answer',
      permission: 'register.filing:draft',
      input: z.object({}),
      summary: 'Note at home that no answer came to a document of ours',
      async handle(visit) {
        const { id: act, direction, state } = await getDocument(services, visit)
        if (direction !== 'out' || (state !== 'sent' && state !== 'acknowledged' && state !== 'no-answer'))
          throw new Refusal('channels-not-unanswered')
        await noteNoAnswer(services, visit.viewer.person, act)
        return card(act, 'no-answer')
      },
    },
    {
      method: 'POST',
      path: '/register/:act/hold',
      permission: 'register.hold:release',
      input: holdInput,
      summary: 'Legal hold on a document, or on everything under its file code',
      async handle(visit: Visit<z.infer<typeof holdInput>>) {
        const document = await getDocument(services, visit)
        const { scope, ...hold } = visit.input
        if (scope === 'code' && document.code === undefined)
          throw InvalidInput.at('code', 'channels.register.no-such-code')
        const about = scope === 'code' ? { code: document.code } : { act: document.id }
        await setHold(services, visit.viewer.person, { ...hold, ...about })
        return card(document.id, 'held')
      },
      onInvalid: (visit, errors) => showDocument(services, visit, errors),
    },
    {
      method: 'POST',
      path: '/register/holds/:hold/lift',
      permission: 'register.hold:release',
      input: z.object({ act: z.string().regex(/^(?:[A-Za-z0-9_-]{43}|[0-9a-f]{32})$/) }),
      summary: 'Lift a legal hold',
      async handle(visit: Visit<{ act: string }>) {
        await liftHold(services, visit.viewer.person, visit.params.hold ?? '')
        return card(visit.input.act, 'lifted')
      },
    },
  ]
}

const noteTaken = (services: Services, { viewer }: Visit) =>
  audit(services.db, { at: services.clock.now(), person: viewer.person.id, what: 'register-taken', about: '' })

const card = (act: string, notice: string): Answer => ({
  redirect: `/register/${act}`,
  notice: `channels.register.notice.${notice}`,
  data: { act },
})

/** What an address asks for; a word that is none asks for nothing. */
function filterOf(services: Services, query: URLSearchParams): Omit<RegisterFilter, 'limit'> {
  const given = (name: string) => query.get(name)?.trim() || undefined
  const oneOf = <T extends string>(name: string, known: readonly T[]) => known.find((one) => one === given(name))
  const day = (name: string) => z.iso.date().safeParse(given(name)).data
  return {
    direction: oneOf('direction', ['in', 'out']),
    party: given('party')?.slice(0, 255),
    kind: oneOf('form', Object.keys(documentKinds(services))),
    code: given('code')?.slice(0, 20),
    number: given('number')?.slice(0, 60),
    state: oneOf('state', documentStates),
    from: day('from'),
    to: day('to'),
  }
}

/** @throws Refusal `not-found` for what is no document of ours, here or sent here. */
async function getDocument(services: Services, { params, viewer }: Visit<unknown>): Promise<RegisterEntry> {
  const [found] = await listDocuments(services, viewer, { id: params.act ?? '', limit: 1 })
  if (!found) throw new Refusal('not-found')
  return found
}

async function showDocument(
  services: Services,
  visit: Visit<unknown>,
  errors?: Record<string, string>,
): Promise<Answer> {
  const entry = await getDocument(services, visit)
  if (visit.wantsJson) return { data: entry }
  const [files, holds, copies] = await Promise.all([
    listPlan(services),
    listHolds(services.db),
    copiesFor(services, visit.viewer, entry),
  ])
  const about = holds.filter((hold) => hold.act === entry.id || (hold.code !== null && hold.code === entry.code))
  return {
    page: <DocumentPage {...{ visit, entry, files, copies, errors }} holds={about} />,
    status: errors ? 422 : 200,
  }
}

async function showFiles(services: Services, visit: Visit<unknown>, errors?: Record<string, string>): Promise<Answer> {
  const files = await filesFor(services, visit)
  if (visit.wantsJson) return { data: files }
  return { page: <FilesPage visit={visit} files={files} errors={errors} />, status: errors ? 422 : 200 }
}

const openFor = (services: Services, { viewer }: Visit<unknown>) =>
  openMarkings(services.db, atHome(services, viewer), 'page')

const filesFor = async (services: Services, visit: Visit<unknown>) =>
  listFiles(services, visit.viewer, await openFor(services, visit))
