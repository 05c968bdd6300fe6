import { z } from 'zod'
import { attachmentLimits, type DraftFile, plainName } from '../../core/attachments/index.ts'
import { handOut, InvalidInput, Refusal } from '../../core/http/index.ts'
import { partyName } from '../../core/module/fields.ts'
import type { Answer, Json, Route, Visit } from '../../core/module/types.ts'
import { tlpLabels } from '../../protocol/index.ts'
import { describeForm } from './describe-page.tsx'
import { showFiles } from './files-page.tsx'
import type { FilesChange, FilesHolder, FindHolder } from './holder.ts'
import { isShown } from './shown-files.ts'
import { filesFields, formFilesBytes, requireMarking, standardTlp, takeFiles } from './take-files.ts'

const filesInput = z.object(filesFields)
const beginInput = z.object({
  name: z.string().min(1).max(255),
  size: z.coerce.number().int().min(0),
  fingerprint: z.string().max(100).optional(),
  title: z.string().max(attachmentLimits.title).optional(),
  tlp: z.enum(tlpLabels).optional(),
})
const describeInput = z.object({
  title: z.string().max(attachmentLimits.title).default(''),
  filesTlp: z.enum(tlpLabels),
  audience: z.array(partyName).max(64).optional(),
})
const pieceInput = z.object({ bytes: z.instanceof(Uint8Array) })

/** The state of a file as its upload asks for it; `have` is where to go on. */
const fileData = ({ id, name, size, have, state, findings }: DraftFile): Json => ({
  id,
  name,
  size,
  have,
  state,
  findings: findings.map(({ code, grade }) => ({ code, grade })),
})

/** Where files of one kind of thing are added, decided on, described and removed. */
export interface FilesPlace {
  /** Pattern of the address before `/files` and `/uploads`. */
  base: string
  permission: Route['permission']
  /** Of whoever may read and fetch them, where that is another one. */
  reading?: Route['permission']
  /** What they belong to, in the summaries of the routes. */
  of: string
  find: FindHolder
}

interface FoundFile {
  holder: FilesHolder
  file: DraftFile
}

/** One file of it that may be changed. */
async function findFile(find: FindHolder, visit: Visit<any>): Promise<FoundFile> {
  const found = await findShown(find, visit)
  await found.holder.requireOpen()
  return found
}

/** One file of it behind the gate; before it is saved only whoever sent the file knows of it. */
async function findShown(find: FindHolder, visit: Visit<any>): Promise<FoundFile> {
  const holder = await find(visit)
  const file = await visit.services.attachments.get(holder.id, visit.params.file ?? '')
  if (!holder.saved && file.person !== visit.viewer.person.id) throw new Refusal('files.not-found')
  if (!isShown(visit, file)) throw new Refusal('files.not-found')
  return { holder, file }
}

async function addFiles(find: FindHolder, visit: Visit<z.infer<typeof filesInput>>): Promise<Answer> {
  const holder = await find(visit)
  if (!holder.saved) throw new Refusal('not-found')
  if (!visit.input.files?.length) throw InvalidInput.at('files', 'files.invalid.none')
  await takeFiles(visit, holder, visit.input)
  return { redirect: `${holder.at}/files` }
}

async function beginFile(find: FindHolder, visit: Visit<z.infer<typeof beginInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const holder = await find(visit)
  await holder.requireOpen()
  requireMarking(viewer, input.tlp)
  const file = await services.attachments.begin({
    draft: holder.id,
    record: holder.record,
    person: viewer.person.id,
    name: input.name,
    size: input.size,
    title: input.title,
    fingerprint: input.fingerprint,
    marking: { tlp: input.tlp ?? standardTlp(viewer, holder.proposed) },
  })
  return { data: fileData(file), status: 201 }
}

async function takePiece(find: FindHolder, visit: Visit<z.infer<typeof pieceInput>>): Promise<Answer> {
  const { services, input, request } = visit
  const offset = request.headers.get('upload-offset') ?? ''
  if (!/^\d{1,10}$/.test(offset)) throw new Refusal('bad-request')
  const { holder, file: begun } = await findFile(find, visit)
  const file = await services.attachments.append(holder.id, begun.id, { at: Number(offset), bytes: input.bytes })
  if (file.state === 'ready') await holder.changed({ what: 'added', count: 1 })
  return { data: fileData(file) }
}

/** What was decided on, as bytes that nothing runs. */
async function fetchFile(find: FindHolder, visit: Visit<unknown>): Promise<Response> {
  const { file } = await findShown(find, visit)
  const pieces = visit.services.attachments.content(file)
  return handOut({
    name: plainName(file.name),
    media: file.media ?? 'application/octet-stream',
    size: file.size,
    pieces,
  })
}

/** Changes one file, then tells what it belongs to. */
function change(
  find: FindHolder,
  what: FilesChange['what'],
  take: (visit: Visit<any>, found: FoundFile) => Promise<unknown>,
): Route['handle'] {
  return async (visit) => {
    const found = await findFile(find, visit)
    const { holder } = found
    await take(visit, found)
    await holder.changed({ what, count: 1 })
    return { redirect: `${holder.at}/files` }
  }
}

async function describe(
  { services, viewer, input }: Visit<z.infer<typeof describeInput>>,
  { holder, file }: FoundFile,
): Promise<void> {
  requireMarking(viewer, input.filesTlp)
  const named = new Set(input.audience?.filter((party) => holder.saved?.parties.includes(party)))
  const audience = named.size > 0 ? { audience: [...named].sort() } : {}
  await services.attachments.describe(file.draft, file.id, {
    title: input.title,
    marking: { tlp: input.filesTlp, ...audience },
  })
}

const describeFound = (find: FindHolder) => async (visit: Visit<unknown>, errors?: Record<string, string>) =>
  describeForm(visit, await findFile(find, visit), errors)
const showFound = (find: FindHolder) => async (visit: Visit<unknown>, errors?: Record<string, string>) =>
  showFiles(visit, await find(visit), errors)

/** Pages of files and uploads in pieces, for one kind of thing that takes them. */
export function filesRoutes({ base, permission, reading = permission, of, find }: FilesPlace): Route[] {
  return [
    {
      method: 'GET',
      path: `${base}/files`,
      permission: reading,
      summary: `Files of ${of}, what was found in them, and what to do about it`,
      handle: showFound(find),
    },
    {
      method: 'POST',
      path: `${base}/files`,
      permission,
      input: filesInput,
      fileBytes: formFilesBytes,
      summary: `Add files to ${of} by a form`,
      handle: (visit: Visit<any>) => addFiles(find, visit),
      onInvalid: showFound(find),
    },
    {
      method: 'POST',
      path: `${base}/uploads`,
      permission,
      input: beginInput,
      summary: `Begin to upload a file of ${of} piece by piece, or go on with one`,
      handle: (visit: Visit<any>) => beginFile(find, visit),
    },
    {
      method: 'GET',
      path: `${base}/uploads/:file`,
      permission,
      summary: `How far an upload to ${of} has come`,
      handle: async (visit) => ({ data: fileData((await findFile(find, visit)).file) }),
    },
    {
      method: 'POST',
      path: `${base}/uploads/:file`,
      permission,
      input: pieceInput,
      summary: `One piece of an upload to ${of}, at its offset`,
      handle: (visit: Visit<any>) => takePiece(find, visit),
    },
    {
      method: 'GET',
      path: `${base}/files/:file`,
      permission: reading,
      summary: `A file of ${of} as bytes to keep`,
      handle: (visit) => fetchFile(find, visit),
    },
    {
      method: 'POST',
      path: `${base}/files/:file/strip`,
      permission,
      summary: `Take out of a file of ${of} what must not travel with it`,
      handle: change(find, 'cleaned', ({ services }, { file }) => services.attachments.strip(file.draft, file.id)),
    },
    {
      method: 'POST',
      path: `${base}/files/:file/remove`,
      permission,
      summary: `Remove a file from ${of}`,
      handle: change(find, 'removed', ({ services }, { holder, file }) =>
        services.attachments.remove(file.draft, file.id, (tx) => holder.removing?.(tx, file) ?? Promise.resolve()),
      ),
    },
    {
      method: 'GET',
      path: `${base}/files/:file/describe`,
      permission,
      summary: `Form of title and marking of a file of ${of}`,
      handle: describeFound(find),
    },
    {
      method: 'POST',
      path: `${base}/files/:file/describe`,
      permission,
      input: describeInput,
      summary: `Title and marking of a file of ${of}`,
      handle: change(find, 'described', describe),
      onInvalid: describeFound(find),
    },
  ]
}
