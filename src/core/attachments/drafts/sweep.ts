import { sql } from 'kysely'
import { forgetStaged } from '../../storage/index.ts'
import type { DraftFilesContext } from './draft-file.ts'
import { attachmentLimits } from './limits.ts'

/** Name of the job that forgets what was abandoned; one for each day on which something was begun. */
export const sweepTask = 'attachments.sweep'

/**
 * Forgets uploads that nobody went on with, and files of drafts that were never saved or were thrown away. What is kept
 * with a record stays once it was decided on; undecided, it goes as drafts nobody touches. Returns how many.
 */
export async function sweepFiles({ db, clock }: DraftFilesContext): Promise<number> {
  const before = clock.now() - attachmentLimits.keptMs
  const longBefore = clock.now() - attachmentLimits.draftKeptMs
  // Row and bytes together: bytes without a row would be found by nobody again.
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      delete from home.attachment a where not signed and touched_at < ${before}
        and (state in ('receiving', 'refused')
          or (record is not null and state = 'found' and touched_at < ${longBefore})
          or record is null and not exists (select from home.draft d where d.state <> 'discarded' and (d.id = a.draft
              or d.id in (select draft from home.attachment_share where files = a.draft))))
      returning id`.execute(tx)
    for (const { id } of rows) await forgetStaged(tx, id)
    return rows.length
  })
}
