import { z } from 'zod'
import { attachmentLimits, type DraftFile } from '../../../core/attachments/index.ts'
import { type FileInput, fileInput, InvalidInput, Refusal } from '../../../core/http/index.ts'
import { mayLeave, tlpRank } from '../../../core/markings/index.ts'
import type { Draft, Services, SpaceFacts, Viewer, Visit } from '../../../core/module/types.ts'
import { countFiles, requireFilesOpen } from '../../../core/release/index.ts'
import { isId, type Tlp, tlpLabels } from '../../../protocol/index.ts'
import { getDraft } from '../get-draft.ts'
import { readerOf } from '../show-acts.ts'
import { activeMembers } from '../space-words.ts'

/** A form is read into memory as a whole: larger files come piece by piece. Bytes. */
export const formFileBytes = 16 * 1024 * 1024

/** Fields of a form that sends files along. */
export const filesFields = {
  files: z.array(fileInput).max(10).optional(),
  filesTitle: z.string().max(attachmentLimits.title).optional(),
  filesTlp: z.enum(tlpLabels).optional(),
}

/** What will be the draft of the address: saved already, or being written in a form of this person. */
export async function openFiles(
  visit: Pick<Visit, 'services' | 'viewer' | 'params'>,
): Promise<{ id: string; draft: Draft | undefined }> {
  const { services, viewer, params } = visit
  if (!params.id || !isId(params.id)) throw new Refusal('not-found')
  const draft = (await services.drafts.find(params.id)) && (await getDraft(visit))
  await requireFilesOpen(services, viewer, params.id)
  return { id: params.id, draft }
}

/** One file of it; before the draft is saved only whoever sent the file knows of it. */
export async function getFile(visit: Pick<Visit, 'services' | 'viewer' | 'params'>): Promise<DraftFile> {
  const { id, draft } = await openFiles(visit)
  const file = await visit.services.attachments.get(id, visit.params.file ?? '')
  if (!draft && file.person !== visit.viewer.person.id) throw new Refusal('files.not-found')
  return file
}

/**
 * Takes files of a form into a draft that was saved.
 *
 * @throws InvalidInput at `files` or `filesTlp`; Refusal with the field `files`
 */
export async function takeFiles(
  { services, viewer }: { services: Services; viewer: Viewer },
  draft: string,
  { files = [], filesTitle, filesTlp }: { files?: FileInput[]; filesTitle?: string; filesTlp?: Tlp },
): Promise<void> {
  if (files.length === 0) return
  requireMarking(viewer, filesTlp)
  const tooLarge = files.find(({ content }) => content.byteLength > formFileBytes)
  if (tooLarge)
    throw InvalidInput.at('files', 'files.invalid.too-large-here', {
      name: tooLarge.name,
      megabytes: formFileBytes / 2 ** 20,
    })
  await requireFilesOpen(services, viewer, draft)
  for (const { name, content } of files) {
    const title = files.length === 1 ? filesTitle : undefined
    const marking = { tlp: filesTlp ?? standardTlp(viewer) }
    await services.attachments
      .add({ draft, person: viewer.person.id, name, title, marking, content })
      .catch((error: unknown) => {
        throw error instanceof Refusal ? new Refusal(error.code, { ...error.facts, field: 'files' }) : error
      })
  }
  await countFiles(services, viewer, draft)
}

export const standardTlp = (viewer: Viewer): Tlp =>
  tlpRank('AMBER') > tlpRank(viewer.ceiling) ? viewer.ceiling : 'AMBER'

/** Nobody marks above what they may see themselves. @throws InvalidInput at `filesTlp` */
export function requireMarking(viewer: Viewer, tlp: Tlp | undefined): void {
  if (tlp && tlpRank(tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('filesTlp', 'spaces.invalid.above-ceiling')
}

/** What keeps a draft with these files from being handed on; one sentence each, by message key. */
export interface FileTrouble {
  key: 'files.trouble.undecided' | 'files.trouble.receiving' | 'files.trouble.not-for' | 'files.trouble.above-you'
  facts: Record<string, string>
}

/**
 * Every file is decided on, and marked so that every party that reads the space may have it. All members read every
 * act: a file that one of them may not have belongs in another space.
 */
export async function troublesOf(
  services: Services,
  viewer: Viewer,
  draft: Draft,
  space: SpaceFacts,
): Promise<FileTrouble[]> {
  const files = draft.state === 'sent' ? [] : await services.attachments.list(draft.id)
  const parties = activeMembers(space, services.party).map(({ party }) => party)
  return files.flatMap((file): FileTrouble[] => {
    if (file.state === 'receiving') return [{ key: 'files.trouble.receiving', facts: { name: file.name } }]
    if (file.state !== 'ready') return [{ key: 'files.trouble.undecided', facts: { name: file.name } }]
    if (!mayLeave(file.marking, { exit: 'page', reader: readerOf(services, viewer) }).allowed)
      return [{ key: 'files.trouble.above-you', facts: { name: file.name } }]
    const { audience } = file.marking
    const without = audience && parties.find((party) => party !== services.party && !audience.includes(party))
    return without === undefined ? [] : [{ key: 'files.trouble.not-for', facts: { name: file.name, party: without } }]
  })
}
