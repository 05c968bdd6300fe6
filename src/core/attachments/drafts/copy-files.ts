import { sql } from 'kysely'
import { newId } from '../../../protocol/index.ts'
import { Refusal } from '../../http/refusal.ts'
import { copyStaged } from '../../storage/index.ts'
import type { Reader, Tx } from '../../storage/types.ts'
import { requireRoom } from './begin-file.ts'
import type { DraftFilesContext } from './draft-file.ts'
import { saltedAnew } from './staged-files.ts'
import '../tables.ts'

/** A file that is kept at home, by its own id and what it is kept under. */
export interface KeptFile {
  id: string
  draft: string
}

/** A copy of a kept file in a draft, or in what was signed of it. */
export interface FileCopy {
  /** Id of the kept file. */
  of: string
  draft: string
  signed: boolean
  /** What the act that was signed calls it. */
  commitment: string | null
}

/**
 * Puts copies of kept files into a draft, under salts of their own, and takes out those that were offered and not
 * chosen; what is there already stays as it is. A title given at home does not travel. Returns whether anything changed.
 *
 * @throws Refusal `files.not-found`, `files.too-many`, `files.draft-full`, `files.quota`
 */
export async function carryCopies(
  context: DraftFilesContext,
  { draft, person, chosen, offered }: { draft: string; person: string; chosen: KeptFile[]; offered: KeptFile[] },
): Promise<boolean> {
  return context.db.transaction().execute(async (tx) => {
    const there = new Set((await copiesIn(tx, draft)).map(({ of }) => of))
    const ids = new Set(chosen.map(({ id }) => id))
    const without = offered.filter(({ id }) => !ids.has(id) && there.has(id)).map(({ id }) => id)
    if (without.length > 0) await takeOut(tx, draft, without)
    const missing = chosen.filter(({ id }) => !there.has(id))
    for (const file of missing) await copyFile(context, tx, { file, draft, person })
    return without.length + missing.length > 0
  })
}

const takeOut = (tx: Tx, draft: string, kept: string[]) =>
  tx
    .deleteFrom('home.attachment')
    .where('draft', '=', draft)
    .where('copied_from', 'in', kept)
    .where('signed', '=', false)
    .execute()

async function copyFile(
  { clock }: DraftFilesContext,
  tx: Tx,
  { file, draft, person }: { file: KeptFile; draft: string; person: string },
): Promise<void> {
  // Whoever removes it at home meanwhile waits, and then finds the copy.
  const row = await tx
    .selectFrom('home.attachment')
    .select(['id', 'size'])
    .where('id', '=', file.id)
    .where('draft', '=', file.draft)
    .where('record', 'is not', null)
    .where('state', '=', 'ready')
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new Refusal('files.not-found')
  await requireRoom(tx, { draft, person, size: row.size })
  const { salt, commitment } = await saltedAnew(tx, row.id)
  const id = newId()
  const now = clock.now()
  await copyStaged(tx, { from: row.id, to: id, salt, now })
  await sql`
    insert into home.attachment (id, draft, person, name, title, marking, size, fingerprint, state, format, media,
        findings, rules, hash, commitment, signed, touched_at, added_at, copied_from)
      select ${id}, ${draft}, ${person}, name, '', marking, size, '', state, format, media,
        findings, rules, hash, ${commitment}, false, ${now}, ${now}, id
      from home.attachment where id = ${row.id}`.execute(tx)
}

/** Kept files of which a draft carries copies that were not signed yet. */
export async function copiesIn(db: Reader, draft: string): Promise<FileCopy[]> {
  return readCopies(db).where('draft', '=', draft).where('signed', '=', false).execute()
}

/** Kept files of which copies were signed with a draft. */
export const copiesSignedIn = (db: Reader, draft: string): Promise<FileCopy[]> =>
  readCopies(db).where('draft', '=', draft).where('signed', '=', true).execute()

/** Copies of kept files, in drafts and in what was signed. */
export async function copiesOf(db: Reader, kept: readonly string[]): Promise<FileCopy[]> {
  return kept.length === 0 ? [] : readCopies(db).where('copied_from', 'in', kept).execute()
}

const readCopies = (db: Reader) =>
  db
    .selectFrom('home.attachment')
    .select(['draft', 'signed', 'commitment'])
    .select((eb) => eb.ref('copied_from').$notNull().as('of'))
    .where('copied_from', 'is not', null)
    .orderBy('place')
