import { sql } from 'kysely'
import { Refusal } from '../../http/refusal.ts'
import type { Db, Reader, Tx } from '../../storage/types.ts'
import '../tables.ts'

/**
 * Gives drafts the files uploaded under another id: they lie here once, and each draft signs them under a salt of its
 * own. Drafts that were signed, released or thrown away get nothing.
 *
 * @param by - Person who uploaded what is there already.
 * @throws Refusal `files.not-found` where the id is a draft’s, or holds somebody else’s files
 */
export async function shareFiles(
  db: Db,
  { files, drafts, by }: { files: string; drafts: readonly string[]; by: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockFiles(tx, files)
    const isShared = (await draftsSharing(tx, files)).length > 0
    if (!isShared && !(await isFree(tx, files, by))) throw new Refusal('files.not-found')
    for (const draft of drafts)
      await sql`insert into home.attachment_share (draft, files) select ${draft}, ${files}
        where not exists (select from home.draft where id = ${draft} and state in ('held', 'sent', 'discarded'))
        on conflict do nothing`.execute(tx)
  })
}

/** Nobody but this person has files under an id that is no draft’s. */
async function isFree(tx: Tx, files: string, by: string): Promise<boolean> {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from home.draft where id = ${files})
      or exists (select from home.attachment where draft = ${files} and person <> ${by}) as taken`.execute(tx)
  return !rows[0]!.taken
}

/** Drafts that take the files of this id and were not signed yet. */
export async function draftsSharing(db: Reader, files: string): Promise<string[]> {
  const rows = await db
    .selectFrom('home.attachment_share')
    .select('draft')
    .where('files', '=', files)
    .orderBy('draft')
    .execute()
  return rows.map(({ draft }) => draft)
}

/** A draft takes nothing of others any more. Returns the ids whose files nobody takes now. */
export async function endSharing(tx: Tx, draft: string): Promise<string[]> {
  const shares = await tx
    .selectFrom('home.attachment_share')
    .select('files')
    .where('draft', '=', draft)
    .orderBy('files')
    .execute()
  // Of two that end at once the second must see that the first did.
  for (const { files } of shares) await lockFiles(tx, files)
  await tx.deleteFrom('home.attachment_share').where('draft', '=', draft).execute()
  const left = await Promise.all(shares.map(async ({ files }) => ({ files, by: await draftsSharing(tx, files) })))
  return left.filter(({ by }) => by.length === 0).map(({ files }) => files)
}

const lockFiles = (tx: Tx, files: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`shared ${files}`}, 0))`.execute(tx)
