import { createHash, randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { newId, saltBytes } from '../../../protocol/index.ts'
import { adoptStaged, forgetStaged, readStaged, wholeStaged } from '../../storage/index.ts'
import type { Reader, Tx } from '../../storage/types.ts'
import '../tables.ts'
import type { ReadyFile, StagedFile } from '../types.ts'
import { endSharing } from './shared-files.ts'

/** Files that go with a draft, its own and those it shares, in the order they came. */
export async function listReadyFiles(db: Reader, draft: string): Promise<ReadyFile[]> {
  const rows = await readyRows(db, draft)
  return rows.map(({ commitment: _, draft: __, ...row }) => ({ ...row, media: row.media!, hash: row.hash! }))
}

/**
 * The same as they are signed now: what several drafts share gets a salt of this one, so that two recipients of one
 * file hold commitments that nobody can compare.
 */
export async function stagedToSign(tx: Tx, draft: string): Promise<StagedFile[]> {
  const files: StagedFile[] = []
  for (const { draft: from, ...row } of await readyRows(tx, draft)) {
    const file = { ...row, media: row.media!, hash: row.hash!, commitment: row.commitment! }
    files.push(from === draft ? file : { ...file, ...(await saltedAnew(tx, row.id)) })
  }
  return files
}

function readyRows(db: Reader, draft: string) {
  return db
    .selectFrom('home.attachment')
    .select(['id', 'draft', 'name', 'title', 'media', 'hash', 'commitment', 'size', 'marking'])
    .where(ofDraft(draft))
    .where('state', '=', 'ready')
    .where('record', 'is', null)
    .orderBy('place')
    .execute()
}

/** Rows of a draft and of what it shares. */
export const ofDraft = (draft: string): RawBuilder<boolean> =>
  sql<boolean>`draft in (select ${draft} union all select files from home.attachment_share where draft = ${draft})`

/** A salt of its own for what is staged, and the commitment it then has. */
export async function saltedAnew(tx: Tx, id: string): Promise<Required<Pick<StagedFile, 'commitment' | 'salt'>>> {
  const salt = new Uint8Array(randomBytes(saltBytes))
  const digest = createHash('sha256').update(salt)
  let skip: number = saltBytes
  for await (const piece of readStaged(tx, id)) {
    digest.update(piece.subarray(skip))
    skip = 0
  }
  return { salt, commitment: digest.digest('base64url') }
}

/** Salt and content of a staged file. */
export async function readStagedFile(db: Reader, { id, salt }: StagedFile): Promise<Uint8Array> {
  const whole = await wholeStaged(db, id)
  if (salt) whole.set(salt)
  return whole
}

/** Makes a staged file the payload of its commitment, within the database. */
export const adoptStagedFile = (tx: Tx, { id, commitment, salt }: StagedFile): Promise<void> =>
  adoptStaged(tx, id, commitment, salt)

/**
 * The act is signed: staged bytes go, but what other drafts still share; what is known of the files stays.
 *
 * @param signed - What {@link stagedToSign} gave for this signature.
 */
export async function settleStagedFiles(tx: Tx, draft: string, signed: readonly StagedFile[]): Promise<void> {
  for (const file of signed) if (file.salt) await recordSigned(tx, draft, file)
  const rows = await tx
    .updateTable('home.attachment')
    .set({ signed: true })
    .where('draft', '=', draft)
    .where('state', '=', 'ready')
    .where('record', 'is', null)
    .returning('id')
    .execute()
  for (const { id } of rows) await forgetStaged(tx, id)
  await forgetFiles(tx, draft)
}

async function recordSigned(tx: Tx, draft: string, { id, commitment }: StagedFile): Promise<void> {
  await sql`
    insert into home.attachment (id, draft, person, name, title, marking, size, fingerprint, state, format, media,
        findings, rules, hash, commitment, signed, touched_at, added_at)
      select ${newId()}, ${draft}, person, name, title, marking, size, '', state, format, media,
        findings, rules, hash, ${commitment}, true, touched_at, added_at
      from home.attachment where id = ${id}`.execute(tx)
}

/** A draft is thrown away: its files go, but those of a signed act, and what it shared once nobody else does. */
export async function forgetFiles(tx: Tx, draft: string): Promise<void> {
  for (const id of [draft, ...(await endSharing(tx, draft))]) {
    const rows = await tx
      .deleteFrom('home.attachment')
      .where('draft', '=', id)
      .where('signed', '=', false)
      .where('record', 'is', null)
      .returning('id')
      .execute()
    for (const { id: file } of rows) await forgetStaged(tx, file)
  }
}
