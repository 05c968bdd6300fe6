import { adoptStaged, forgetStaged, wholeStaged } from '../storage/index.ts'
import type { Reader, Tx } from '../storage/types.ts'
import './tables.ts'
import type { StagedFile } from './types.ts'

/** Files that go with a draft, in the order they came. */
export async function listStagedFiles(db: Reader, draft: string): Promise<StagedFile[]> {
  const rows = await db
    .selectFrom('home.attachment')
    .select(['id', 'name', 'title', 'media', 'hash', 'commitment', 'size', 'marking'])
    .where('draft', '=', draft)
    .where('state', '=', 'ready')
    .orderBy('place')
    .execute()
  return rows.map((row) => ({ ...row, media: row.media!, hash: row.hash!, commitment: row.commitment! }))
}

/** Salt and content of a staged file. */
export const readStagedFile = (db: Reader, { id }: StagedFile): Promise<Uint8Array> => wholeStaged(db, id)

/** Makes a staged file the payload of its commitment, within the database. */
export const adoptStagedFile = (tx: Tx, { id, commitment }: StagedFile): Promise<void> =>
  adoptStaged(tx, id, commitment)

/** The act is signed: staged bytes go, what is known of the files stays. */
export async function settleStagedFiles(tx: Tx, draft: string): Promise<void> {
  const rows = await tx
    .updateTable('home.attachment')
    .set({ signed: true })
    .where('draft', '=', draft)
    .where('state', '=', 'ready')
    .returning('id')
    .execute()
  for (const { id } of rows) await forgetStaged(tx, id)
  await forgetFiles(tx, draft)
}

/** A draft is thrown away: its files go, but those of a signed act. */
export async function forgetFiles(tx: Tx, draft: string): Promise<void> {
  const rows = await tx
    .deleteFrom('home.attachment')
    .where('draft', '=', draft)
    .where('signed', '=', false)
    .returning('id')
    .execute()
  for (const { id } of rows) await forgetStaged(tx, id)
}
