import { Refusal } from '../../../core/http/index.ts'
import type { Draft, Services, Viewer, Visit } from '../../../core/module/types.ts'
import { countFiles, requireFilesOpen } from '../../../core/release/index.ts'
import { isId } from '../../../protocol/index.ts'
import {
  type FilesHolder,
  type FileTrouble,
  requireFilesDecided,
  type SavedHolder,
  troublesOf,
} from '../../files/index.ts'
import { findCircular, getCircular, type LetterDraft } from './circular.ts'

/** Bytes that all letters of one circular note may carry together: each recipient gets its own copy. */
export const circularFilesBytes = 4 * 1024 ** 3

/** Files of all letters: they lie under the id of the circular note, once. */
export async function findCircularHolder(
  visit: Pick<Visit, 'services' | 'viewer' | 'params' | 't'>,
): Promise<FilesHolder> {
  const { services, viewer, params, t } = visit
  const { circular: id = '' } = params
  if (!isId(id)) throw new Refusal('not-found')
  const holder = circularHolder(services, viewer, id)
  if (!(await findCircular(services, id))) return holder
  const { drafts, subject } = await getCircular(services, viewer, id)
  const [first] = drafts
  const space = first && (await services.ledger.find(first.space))
  const saved: SavedHolder = {
    form: subject,
    current: '/spaces',
    drill: space?.drill,
    marking: first?.written.marking,
    // A marking travels with its file: one that named a recipient would tell the others.
    parties: [],
    ...(drafts.some(({ written }) => written.state !== 'drafting') && { closed: `/circulars/${id}` }),
    onward: [{ href: `/circulars/${id}`, label: t('files.page.to-review') }],
    kept: t('files.page.kept'),
  }
  return { ...holder, saved }
}

/** The same by its id, for whoever may write all its letters. */
export const circularHolder = (services: Services, viewer: Viewer, id: string): FilesHolder => ({
  id,
  at: `/circulars/${id}`,
  requireOpen: () => requireFilesOpen(services, viewer, id),
  changed: () => countFiles(services, viewer, id),
})

type SentFile = Draft['attachments'][number]

/** Each file once, with the parties whose letters it goes with. */
export function filesOf(drafts: readonly LetterDraft[]): { file: SentFile; parties: string[] }[] {
  const found = new Map<string, { file: SentFile; parties: string[] }>()
  for (const { party, written } of drafts)
    for (const file of written.attachments) {
      const key = JSON.stringify([file.hash, file.name, file.title, file.marking])
      const same = found.get(key)
      if (same) same.parties.push(party)
      else found.set(key, { file, parties: [party] })
    }
  return [...found.values()]
}

/** What keeps the letters from being handed on, each sentence once. */
export async function circularTroubles(
  services: Services,
  viewer: Viewer,
  drafts: readonly LetterDraft[],
): Promise<FileTrouble[]> {
  const all = await Promise.all(
    drafts.map(async ({ space, written }) => troublesOf(services, viewer, written, await spaceOf(services, space))),
  )
  return [...new Map(all.flat().map((one) => [JSON.stringify(one), one])).values()]
}

/** @throws Refusal `files.undecided`, `channels-circular-files-too-large` */
export async function requireCircularFiles(
  services: Services,
  viewer: Viewer,
  drafts: readonly LetterDraft[],
): Promise<void> {
  for (const { space, written } of drafts)
    await requireFilesDecided(services, viewer, written, await spaceOf(services, space))
  const bytes = drafts.flatMap(({ written }) => written.attachments).reduce((sum, { size }) => sum + size, 0)
  if (bytes > circularFilesBytes)
    throw new Refusal('channels-circular-files-too-large', { gigabytes: circularFilesBytes / 1024 ** 3 })
}

async function spaceOf({ ledger }: Services, id: string) {
  const space = await ledger.find(id)
  if (!space) throw new Refusal('not-found')
  return space
}
