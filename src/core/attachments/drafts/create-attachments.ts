import { saltBytes } from '../../../protocol/index.ts'
import type { Marking } from '../../../protocol/types.ts'
import { Refusal } from '../../http/refusal.ts'
import { appendStaged } from '../../storage/index.ts'
import type { Blobs, Tx } from '../../storage/types.ts'
import { createLooker, type Looker } from '../looking/create-looker.ts'
import { createPartLooks } from '../looking/part-looks.ts'
import { beginFile, type NewFile } from './begin-file.ts'
import { carryCopies, copiesIn, copiesOf, copiesSignedIn } from './copy-files.ts'
import {
  contentOf,
  type DraftFile,
  type DraftFilesContext,
  getDraftFile,
  listDraftFiles,
  listKeptFiles,
} from './draft-file.ts'
import { examineFile, stripDraftFile } from './examine-file.ts'
import { attachmentLimits } from './limits.ts'
import { shareFiles } from './shared-files.ts'
import { sweepFiles } from './sweep.ts'

/** Files of drafts: taken piece by piece, looked into, cleaned, kept until the act is signed; and what others sent. */
export type Attachments = ReturnType<typeof createAttachments>

/** A page waits so long for files that are still being looked into, then says that they are. */
const listWaitMs = 2_000

export function createAttachments({
  blobs,
  looker = createLooker(),
  ...given
}: Omit<DraftFilesContext, 'looker'> & { blobs: Pick<Blobs, 'sizeOf' | 'range'>; looker?: Looker }) {
  const context: DraftFilesContext = { db: given.db, clock: given.clock, jobs: given.jobs, looker }
  const { db, clock } = context
  const underWay = new Map<string, Promise<void>>()

  /** All is here: it is looked into once, whoever asks first. */
  function examine(file: DraftFile): Promise<void> {
    if (!file.isToBeLookedInto) return Promise.resolve()
    const before = underWay.get(file.id)
    if (before) return before
    const looking = examineFile(context, file).finally(() => underWay.delete(file.id))
    underWay.set(file.id, looking)
    return looking
  }

  async function begin(file: NewFile): Promise<DraftFile> {
    return getDraftFile(db, file.draft, await beginFile(context, file))
  }

  /**
   * Adds a piece; with the last one the file is looked into.
   *
   * @throws Refusal `files.not-found`, `files.elsewhere` if the piece does not follow what is here (`have` says where to go on)
   */
  async function append(
    draft: string,
    id: string,
    { at, bytes }: { at: number; bytes: Uint8Array },
  ): Promise<DraftFile> {
    await getDraftFile(db, draft, id)
    const now = clock.now()
    const staged = await db.transaction().execute(async (tx) => {
      const is = await appendStaged(tx, id, { at: at + saltBytes, bytes, now })
      await tx.updateTable('home.attachment').set({ touched_at: now }).where('id', '=', id).execute()
      return is
    })
    if (staged?.have !== at + saltBytes + bytes.byteLength)
      throw new Refusal('files.elsewhere', { have: (staged?.have ?? saltBytes) - saltBytes })
    await examine(await getDraftFile(db, draft, id))
    return getDraftFile(db, draft, id)
  }

  return {
    begin,
    append,
    get: (draft: string, id: string) => getDraftFile(db, draft, id),

    /** The same in one call, for a file that is at hand. */
    async add(file: Omit<NewFile, 'size'> & { content: Uint8Array }): Promise<DraftFile> {
      const begun = await begin({ ...file, size: file.content.byteLength })
      return append(file.draft, begun.id, { at: 0, bytes: file.content })
    },

    /** Files of a draft, and those it shares, in the order they came; what other rules looked into is looked into again first. */
    async list(draft: string): Promise<DraftFile[]> {
      const files = await listDraftFiles(db, draft)
      if (!files.some((file) => file.isToBeLookedInto)) return files
      await within(listWaitMs, Promise.allSettled(files.map(examine)))
      return listDraftFiles(db, draft)
    },

    /** Takes out what was found and can be; the file as it came is not kept. */
    async strip(draft: string, id: string): Promise<DraftFile> {
      const file = await getDraftFile(db, draft, id)
      if (file.state === 'found') await stripDraftFile(context, file)
      return getDraftFile(db, draft, id)
    },

    /** Another title or marking. */
    async describe(draft: string, id: string, said: { title: string; marking: Marking }): Promise<void> {
      await getDraftFile(db, draft, id)
      await db
        .updateTable('home.attachment')
        .set({ title: said.title.trim().slice(0, attachmentLimits.title), marking: JSON.stringify(said.marking) })
        .where('id', '=', id)
        .where('signed', '=', false)
        .execute()
    },

    /** Forgets a file, row and bytes. `before` has its word in the same transaction, and may refuse. */
    async remove(draft: string, id: string, before?: (tx: Tx) => Promise<unknown>): Promise<void> {
      await db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom('home.attachment')
          .select('id')
          .where('id', '=', id)
          .where('draft', '=', draft)
          .where('signed', '=', false)
          .forUpdate()
          .executeTakeFirst()
        if (!row) return
        await before?.(tx)
        await tx.deleteFrom('home.attachment').where('id', '=', id).execute()
      })
    },

    /** Content of a file that was decided on, as it is handed out. @throws Refusal `files.not-ready` */
    content: (file: DraftFile) => contentOf(db, file),

    /** See {@link listKeptFiles}. */
    kept: (...records: string[]) => listKeptFiles(db, records),
    /** See {@link carryCopies}. */
    carry: (given: Parameters<typeof carryCopies>[1]) => carryCopies(context, given),
    copiesIn: (draft: string) => copiesIn(db, draft),
    copiesSignedIn: (draft: string) => copiesSignedIn(db, draft),
    copiesOf: (kept: readonly string[]) => copiesOf(db, kept),

    /** See {@link shareFiles}. */
    share: (given: Parameters<typeof shareFiles>[1]) => shareFiles(db, given),
    sweep: () => sweepFiles(context),

    /** What an attachment is by its own bytes, and what was found in it: looked into once. */
    lookAtPart: createPartLooks({ db, blobs, clock, looker }),

    close: () => looker.close(),
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
