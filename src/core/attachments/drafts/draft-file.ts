import { createHash } from 'node:crypto'
import type { Selectable } from 'kysely'
import { saltBytes } from '../../../protocol/index.ts'
import type { ClockSource } from '../../config/types.ts'
import { Refusal } from '../../http/refusal.ts'
import type { Jobs } from '../../module/types.ts'
import { findStaged, readStaged } from '../../storage/index.ts'
import type { Db, Reader } from '../../storage/types.ts'
import type { Looker } from '../looking/create-looker.ts'
import { rulesVersion } from '../look-into.ts'
import type { AttachmentTable } from '../tables.ts'
import { ofDraft } from './staged-files.ts'

/** What the operations on files of drafts work with. */
export interface DraftFilesContext {
  db: Db
  clock: ClockSource
  jobs: Pick<Jobs, 'enqueue'>
  looker: Looker
}

type Row = Omit<Selectable<AttachmentTable>, 'place'>

/** A file of a draft as its pages show it. */
export interface DraftFile extends Omit<Row, 'signed' | 'commitment' | 'fingerprint' | 'rules'> {
  /** Content bytes that are here. */
  have: number
  /** All is here, and what is said of it was not found by the rules of today. */
  isToBeLookedInto: boolean
}

/** @throws Refusal `files.not-found` */
export async function getDraftFile(db: Reader, draft: string, id: string): Promise<DraftFile> {
  const row = await db
    .selectFrom('home.attachment')
    .selectAll()
    .where('id', '=', id)
    .where('draft', '=', draft)
    .where('signed', '=', false)
    .executeTakeFirst()
  if (!row) throw new Refusal('files.not-found')
  return asFile(db, row)
}

/** Files kept with a record at home, under whatever part of it, in the order they came. */
export async function listKeptFiles(db: Reader, records: readonly string[]): Promise<DraftFile[]> {
  if (records.length === 0) return []
  const rows = await db
    .selectFrom('home.attachment')
    .selectAll()
    .where('record', 'in', records)
    .orderBy('place')
    .execute()
  return Promise.all(rows.map((row) => asFile(db, row)))
}

/**
 * Content of a file that is here whole, piece by piece, one in memory at a time. Throws at the end where it is not what
 * was looked into.
 *
 * @throws Refusal `files.not-ready`
 */
export function contentOf(db: Reader, { id, name, state, hash }: DraftFile): AsyncIterable<Uint8Array> {
  if (state !== 'ready') throw new Refusal('files.not-ready', { name })
  return stagedContent(db, { id, hash })
}

async function* stagedContent(db: Reader, { id, hash }: Pick<DraftFile, 'id' | 'hash'>): AsyncGenerator<Uint8Array> {
  const digest = createHash('sha256')
  let skip: number = saltBytes
  for await (const piece of readStaged(db, id)) {
    const content = piece.subarray(skip)
    skip = 0
    digest.update(content)
    yield content
  }
  if (digest.digest('base64url') !== hash) throw new Error(`staged file ${id} is not what was looked into`)
}

/** Files of a draft, and those it shares with others, in the order they came. */
export async function listDraftFiles(db: Reader, draft: string): Promise<DraftFile[]> {
  const rows = await db
    .selectFrom('home.attachment')
    .selectAll()
    .where(ofDraft(draft))
    .where('signed', '=', false)
    .orderBy('place')
    .execute()
  return Promise.all(rows.map((row) => asFile(db, row)))
}

async function asFile(db: Reader, { signed, commitment: _, fingerprint: __, rules, ...row }: Row): Promise<DraftFile> {
  const staged = row.state === 'receiving' ? await findStaged(db, row.id) : undefined
  const have = staged ? staged.have - saltBytes : row.size
  return { ...row, have, isToBeLookedInto: !signed && have === row.size && rules !== rulesVersion }
}
