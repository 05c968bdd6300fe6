import { z } from 'zod'
import { attachmentLimits, type DraftFile } from '../../../core/attachments/index.ts'
import { InvalidInput, Refusal } from '../../../core/http/index.ts'
import type { Answer, Json, Route, Visit } from '../../../core/module/types.ts'
import { countFiles } from '../../../core/release/index.ts'
import { tlpLabels } from '../../../protocol/index.ts'
import { partyName } from '../../../core/module/fields.ts'
import { describeForm } from './describe-page.tsx'
import { filesFields, getFile, openFiles, requireMarking, standardTlp, takeFiles } from './draft-files.ts'
import { showFiles } from './files-page.tsx'
import { showPart } from './part-page.tsx'

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

async function addFiles(visit: Visit<z.infer<typeof filesInput>>): Promise<Answer> {
  const { id, draft } = await openFiles(visit)
  if (!draft) throw new Refusal('not-found')
  if (!visit.input.files?.length) throw InvalidInput.at('files', 'files.invalid.none')
  await takeFiles(visit, id, visit.input)
  return { redirect: `/drafts/${id}/files` }
}

async function beginFile(visit: Visit<z.infer<typeof beginInput>>): Promise<Answer> {
  const { services, viewer, input } = visit
  const { id } = await openFiles(visit)
  requireMarking(viewer, input.tlp)
  const file = await services.attachments.begin({
    draft: id,
    person: viewer.person.id,
    name: input.name,
    size: input.size,
    title: input.title,
    fingerprint: input.fingerprint,
    marking: { tlp: input.tlp ?? standardTlp(viewer) },
  })
  return { data: fileData(file), status: 201 }
}

async function takePiece(visit: Visit<z.infer<typeof pieceInput>>): Promise<Answer> {
  const { services, viewer, input, request } = visit
  const offset = request.headers.get('upload-offset') ?? ''
  if (!/^\d{1,10}$/.test(offset)) throw new Refusal('bad-request')
  const { id, draft } = await getFile(visit)
  const file = await services.attachments.append(draft, id, { at: Number(offset), bytes: input.bytes })
  if (file.state === 'ready') await countFiles(services, viewer, draft)
  return { data: fileData(file) }
}

/** Changes one file of a draft, then counts what the draft holds. */
function change(take: (visit: Visit<any>, file: DraftFile) => Promise<unknown>): Route['handle'] {
  return async (visit) => {
    const file = await getFile(visit)
    await take(visit, file)
    await countFiles(visit.services, visit.viewer, file.draft)
    return { redirect: `/drafts/${file.draft}/files` }
  }
}

const describe = change(async ({ services, viewer, input }: Visit<z.infer<typeof describeInput>>, file) => {
  requireMarking(viewer, input.filesTlp)
  const audience = input.audience?.length ? { audience: [...new Set(input.audience)].sort() } : {}
  await services.attachments.describe(file.draft, file.id, {
    title: input.title,
    marking: { tlp: input.filesTlp, ...audience },
  })
})

/** Files of drafts: powers are asked of the draft they belong to. */
export const filesRoutes: Route[] = [
  {
    method: 'GET',
    path: '/drafts/:id/files',
    permission: 'signed-in',
    summary: 'Files of a draft, what was found in them, and what to do about it',
    handle: (visit) => showFiles(visit),
  },
  {
    method: 'POST',
    path: '/drafts/:id/files',
    permission: 'signed-in',
    input: filesInput,
    summary: 'Add files to a draft by a form',
    handle: addFiles,
    onInvalid: showFiles,
  },
  {
    method: 'POST',
    path: '/drafts/:id/uploads',
    permission: 'signed-in',
    input: beginInput,
    summary: 'Begin to upload a file piece by piece, or go on with one',
    handle: beginFile,
  },
  {
    method: 'GET',
    path: '/drafts/:id/uploads/:file',
    permission: 'signed-in',
    summary: 'How far an upload has come',
    handle: async (visit) => ({ data: fileData(await getFile(visit)) }),
  },
  {
    method: 'POST',
    path: '/drafts/:id/uploads/:file',
    permission: 'signed-in',
    input: pieceInput,
    summary: 'One piece of an upload, at its offset',
    handle: takePiece,
  },
  {
    method: 'POST',
    path: '/drafts/:id/files/:file/strip',
    permission: 'signed-in',
    summary: 'Take out of a file what must not travel with it',
    handle: change(({ services }, file) => services.attachments.strip(file.draft, file.id)),
  },
  {
    method: 'POST',
    path: '/drafts/:id/files/:file/remove',
    permission: 'signed-in',
    summary: 'Remove a file from a draft',
    handle: change(({ services }, file) => services.attachments.remove(file.draft, file.id)),
  },
  {
    method: 'GET',
    path: '/drafts/:id/files/:file/describe',
    permission: 'signed-in',
    summary: 'Form of title and marking of a file of a draft',
    handle: (visit) => describeForm(visit),
  },
  {
    method: 'POST',
    path: '/drafts/:id/files/:file/describe',
    permission: 'signed-in',
    input: describeInput,
    summary: 'Title and marking of a file of a draft',
    handle: describe,
    onInvalid: describeForm,
  },
  {
    method: 'GET',
    path: '/spaces/:space/acts/:hash/parts/:part/about',
    permission: 'signed-in',
    summary: 'What an attachment is and what was found in it',
    handle: showPart,
  },
]
