import { z } from 'zod'
import { attachmentLimits } from '../../core/attachments/index.ts'
import { type FileInput, fileInput, InvalidInput, Refusal } from '../../core/http/index.ts'
import { tlpRank } from '../../core/markings/index.ts'
import type { Services, Viewer } from '../../core/module/types.ts'
import { type Tlp, tlpLabels } from '../../protocol/index.ts'
import type { FilesHolder } from './holder.ts'

/** A form is read into memory as a whole: larger files come piece by piece. Bytes, of one file and of all together. */
export const formFileBytes = 16 * 1024 * 1024
export const formFilesBytes = 2 * formFileBytes

/** Fields of a form that sends files along. */
export const filesFields = {
  files: z.array(fileInput).max(10).optional(),
  filesTitle: z.string().max(attachmentLimits.title).optional(),
  filesTlp: z.enum(tlpLabels).optional(),
}

/**
 * Takes files of a form into what was saved.
 *
 * @throws InvalidInput at `files` or `filesTlp`; Refusal with the field `files`
 */
export async function takeFiles(
  { services, viewer }: { services: Services; viewer: Viewer },
  holder: Pick<FilesHolder, 'id' | 'requireOpen' | 'changed' | 'record' | 'proposed'>,
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
  await holder.requireOpen()
  let count = 0
  for (const { name, content } of files) {
    const title = files.length === 1 ? filesTitle : undefined
    const marking = { tlp: filesTlp ?? standardTlp(viewer, holder.proposed) }
    const { id: draft, record } = holder
    const added = await services.attachments
      .add({ draft, record, person: viewer.person.id, name, title, marking, content })
      .catch((error: unknown) => {
        throw error instanceof Refusal ? new Refusal(error.code, { ...error.facts, field: 'files' }) : error
      })
    if (added.state === 'ready') count += 1
  }
  await holder.changed({ what: 'added', count })
}

export const standardTlp = (viewer: Viewer, proposed: Tlp = 'AMBER'): Tlp =>
  tlpRank(proposed) > tlpRank(viewer.ceiling) ? viewer.ceiling : proposed

/** Nobody marks above what they may see themselves. @throws InvalidInput at `filesTlp` */
export function requireMarking(viewer: Viewer, tlp: Tlp | undefined): void {
  if (tlp && tlpRank(tlp) > tlpRank(viewer.ceiling)) throw InvalidInput.at('filesTlp', 'spaces.invalid.above-ceiling')
}
