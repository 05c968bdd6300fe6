import { z } from 'zod'
import { fileInput, InvalidInput } from '../../../core/http/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import type { Answer, Route, Services, SpaceFacts, Visit } from '../../../core/module/types.ts'
import { newId } from '../../../protocol/index.ts'
import { mayNominate } from '../composers/contact-composers.tsx'
import { compareLists } from './compare.ts'
import { aggregateCsv, type ExportFormat, exportFormats, listExportable } from './list-exports.ts'
import { draftNominations } from './own-drafts.ts'
import { ComparePage } from './pages/compare-page.tsx'
import { ImportPage, PreviewPage } from './pages/import-pages.tsx'
import { type ImportPlan, planImport } from './plan-import.ts'
import { longestList, readList } from './read-list.ts'
import { forgetTold, keepTold } from './told.ts'

const recordId = z.string().regex(/^[0-9a-f]{32}$/)
const empty = z.literal('').transform(() => undefined)
const line = z.coerce.number().int().min(1)

const listInput = z.object({
  file: fileInput.optional(),
  text: z.string().max(longestList).optional(),
  party: z.union([empty, partyName]).optional(),
  toldBy: z.string().trim().min(1).max(200),
})
type ListInput = z.infer<typeof listInput>

const keepInput = z.object({
  id: recordId,
  text: z.string().min(1).max(longestList),
  party: z.union([empty, partyName]).optional(),
  toldBy: z.string().trim().min(1).max(200),
  /** Lines of the list that are kept. */
  take: z.union([z.array(line).max(2_000), line.transform((one) => [one])]).optional(),
  space: z.union([empty, recordId]).optional(),
})
type KeepInput = z.infer<typeof keepInput>

const exportInput = z.object({
  format: z.enum(Object.keys(exportFormats) as [ExportFormat, ...ExportFormat[]]).default('csv'),
  space: z.union([empty, recordId]).optional(),
})

const compareInput = z.object({
  file: fileInput.optional(),
  text: z.string().max(longestList).optional(),
  party: z.union([empty, partyName]).optional(),
  first: z.union([empty, recordId]).optional(),
  second: z.union([empty, recordId]).optional(),
})
type CompareInput = z.infer<typeof compareInput>

/** Lists of contacts: taken in after a look at what that would do, given out as what the reader may see, compared. */
export function listRoutes(services: Services): Route[] {
  return [...importRoutes(services), ...exportRoutes(services), ...compareRoutes(services)]
}

function importRoutes(services: Services): Route[] {
  const form = async (visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> => ({
    page: <ImportPage visit={visit} parties={await knownParties(services)} errors={errors} />,
    status: errors ? 422 : 200,
  })
  const preview = async (visit: Visit<any>, given: { text: string; party?: string; toldBy: string }) => {
    const plan = await planImport(services, visit.viewer, given)
    if (visit.wantsJson) return { data: dataOf(plan) }
    const directories = await ownDirectories(services)
    return { page: <PreviewPage visit={visit} id={newId()} plan={plan} given={given} directories={directories} /> }
  }
  return [
    {
      method: 'GET',
      path: '/directory/import',
      permission: 'directory.relation:manage',
      summary: 'Form to take in a list of contacts',
      handle: (visit) => form(visit),
    },
    {
      method: 'POST',
      path: '/directory/import',
      permission: 'directory.relation:manage',
      input: listInput,
      fileBytes: 4 * longestList,
      summary: 'Show what taking in a list of contacts would do; nothing is written',
      handle: (visit: Visit<ListInput>) => preview(visit, { ...visit.input, text: textOf(visit.input) }),
      onInvalid: form,
    },
    {
      method: 'POST',
      path: '/directory/import/keep',
      permission: 'directory.relation:manage',
      input: keepInput,
      summary: 'Keep chosen lines of a list: what it says of others as records, our own as drafts of nominations',
      handle: (visit: Visit<KeepInput>) => keep(services, visit),
    },
    {
      method: 'POST',
      path: '/directory/told/:id/forget',
      permission: 'directory.relation:manage',
      input: z.object({ party: partyName }),
      summary: 'No longer show what we were told of a contact',
      async handle({ params, input }: Visit<{ party: string }>) {
        await forgetTold(services, params.id ?? '')
        return { redirect: `/directory/parties/${input.party}` }
      },
    },
  ]
}

async function keep(services: Services, visit: Visit<KeepInput>): Promise<Answer> {
  const { viewer, input } = visit
  const plan = await planImport(services, viewer, input)
  const taken = new Set(input.take ?? [])
  const chosen = plan.entries.filter((entry) => taken.has(entry.line) && entry.state !== 'same')
  const [own, others] = [chosen.filter((entry) => entry.isOurs), chosen.filter((entry) => !entry.isOurs)]
  const space = (await ownDirectories(services)).find((one) => one.id === input.space)
  if (own.length > 0 && !(space && viewer.may('directory.contact-nominated:draft')))
    throw InvalidInput.at('space', 'directory.lists.which-directory')
  await keepTold(services, viewer.person, { id: input.id, toldBy: input.toldBy, contacts: others })
  const missing = { zone: viewer.person.zone, language: viewer.person.language }
  if (space) await draftNominations(services, viewer, { id: input.id, space, entries: own, missing })
  const notice = visit.t('directory.lists.kept', { told: others.length, drafts: own.length })
  return {
    redirect: own.length > 0 ? '/drafts' : '/directory',
    notice,
    data: { told: others.length, drafts: own.length },
  }
}

/** What was pasted, or the file. */
function textOf({ file, text }: { file?: { content: Uint8Array }; text?: string }): string {
  if (!file) {
    if (!text?.trim()) throw InvalidInput.at('file', 'directory.lists.nothing-given')
    return text
  }
  if (file.content.length > 4 * longestList) throw InvalidInput.at('file', 'directory.lists.reason.too-long')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.content)
  } catch {
    throw InvalidInput.at('file', 'directory.lists.not-text')
  }
}

async function ownDirectories(services: Services): Promise<SpaceFacts[]> {
  const spaces = await services.ledger.list({ kind: 'directory' })
  return spaces.filter((space) => mayNominate(space, services.party))
}

async function knownParties(services: Services): Promise<string[]> {
  const peers = await services.peers.list()
  return [services.party, ...peers.map((peer) => peer.party)]
}

const dataOf = ({ entries, problems }: ImportPlan) => ({
  entries: entries.map(({ own: _, entry: __, ...rest }) => rest),
  problems,
})

function exportRoutes(services: Services): Route[] {
  return [
    {
      method: 'GET',
      path: '/directory/export',
      permission: 'directory:read',
      input: exportInput,
      summary: 'Contacts that the reader may take out, as CSV, vCard 4.0 or JSON',
      async handle({ viewer, input }: Visit<z.infer<typeof exportInput>>) {
        const { media, ending, write } = exportFormats[input.format]
        const { contacts } = await listExportable(services, viewer, { space: input.space })
        return fileOf(write(contacts), { media, name: `contacts-${services.party}.${ending}` })
      },
    },
    {
      method: 'GET',
      path: '/directory/export/aggregate',
      permission: 'directory:read',
      summary: 'Counts of contacts by kind for the public: no party, no name, no number',
      async handle({ viewer }) {
        const text = await aggregateCsv(services, viewer)
        return fileOf(text, { media: exportFormats.csv.media, name: 'contacts-aggregate.csv' })
      },
    },
  ]
}

function fileOf(text: string, { media, name }: { media: string; name: string }): Response {
  return new Response(text, {
    headers: {
      'Content-Type': media,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'private, no-store',
    },
  })
}

function compareRoutes(services: Services): Route[] {
  const form = async (visit: Visit<any>, errors?: Record<string, string>): Promise<Answer> => ({
    page: (
      <ComparePage
        visit={visit}
        parties={await knownParties(services)}
        directories={await services.ledger.list({ kind: 'directory' })}
        errors={errors}
      />
    ),
    status: errors ? 422 : 200,
  })
  return [
    {
      method: 'GET',
      path: '/directory/compare',
      permission: 'directory:read',
      summary: 'Form to compare two directories',
      handle: (visit) => form(visit),
    },
    {
      method: 'POST',
      path: '/directory/compare',
      permission: 'directory:read',
      input: compareInput,
      fileBytes: 4 * longestList,
      summary: 'Two directories side by side, field by field: ours and a list, or those of two spaces; nothing is kept',
      async handle(visit: Visit<CompareInput>) {
        const { input, viewer } = visit
        const { contacts: first } = await listExportable(services, viewer, { space: input.first })
        const isList = input.file !== undefined || Boolean(input.text?.trim())
        if (!isList && input.second === undefined) throw InvalidInput.at('file', 'directory.lists.nothing-given')
        const read = isList ? readList(textOf(input), input.party) : { entries: [], problems: [] }
        const second = isList
          ? read.entries.map(({ contact }) => contact)
          : (await listExportable(services, viewer, { space: input.second })).contacts
        const compared = compareLists(first, second)
        const { added, missing, changed, same } = compared
        if (visit.wantsJson) return { data: { added, missing, changed, same: same.length, problems: read.problems } }
        const directories = await services.ledger.list({ kind: 'directory' })
        return {
          page: (
            <ComparePage
              visit={visit}
              parties={await knownParties(services)}
              directories={directories}
              result={{ compared, problems: read.problems, isList }}
            />
          ),
        }
      },
      onInvalid: form,
    },
  ]
}
