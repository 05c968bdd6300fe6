import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { newId, saltBytes } from '../../../protocol/index.ts'
import type { Marking } from '../../../protocol/types.ts'
import { Refusal } from '../../http/refusal.ts'
import { appendStaged, beginStaged } from '../../storage/index.ts'
import type { Tx } from '../../storage/types.ts'
import { plainName } from '../formats/names.ts'
import type { DraftFilesContext } from './draft-file.ts'
import { attachmentLimits, megabytes } from './limits.ts'
import { sweepTask } from './sweep.ts'

export interface NewFile {
  draft: string
  person: string
  name: string
  title?: string
  marking: Marking
  size: number
  fingerprint?: string
  /** The record at home it is kept with; then `draft` is no draft’s id. */
  record?: string
}

const dayMs = 24 * 3_600_000

/**
 * Begins to take a file, or goes on with one that was begun: same draft, name, size and fingerprint. Returns its id.
 *
 * @throws Refusal `files.too-large`, `files.empty`, `files.too-many`, `files.draft-full`, `files.record-full`, `files.quota`
 */
export async function beginFile(context: DraftFilesContext, file: NewFile): Promise<string> {
  if (file.size > attachmentLimits.file)
    throw new Refusal('files.too-large', { megabytes: megabytes(attachmentLimits.file) })
  if (!(file.size > 0)) throw new Refusal('files.empty')
  const named = { ...file, name: plainName(file.name) }
  return context.db.transaction().execute(async (tx) => {
    await lock(file.person).execute(tx)
    if (file.record !== undefined) await lock(file.record).execute(tx)
    const same = await findBegun(tx, named)
    if (same) return same
    await requireRoom(tx, file)
    return insert(context, tx, named)
  })
}

async function insert({ clock, jobs }: DraftFilesContext, tx: Tx, file: NewFile): Promise<string> {
  const id = newId()
  const now = clock.now()
  await tx
    .insertInto('home.attachment')
    .values({
      id,
      draft: file.draft,
      person: file.person,
      name: file.name,
      title: (file.title ?? '').trim().slice(0, attachmentLimits.title),
      marking: JSON.stringify(file.marking),
      size: file.size,
      fingerprint: file.fingerprint ?? '',
      state: 'receiving',
      format: null,
      media: null,
      findings: '[]',
      rules: 0,
      hash: null,
      commitment: null,
      signed: false,
      touched_at: now,
      added_at: now,
      record: file.record ?? null,
    })
    .execute()
  // The salt stands first, so that what is staged is the payload as it will be signed.
  await beginStaged(tx, { id, total: saltBytes + file.size, now })
  await appendStaged(tx, id, { at: 0, bytes: randomBytes(saltBytes), now })
  const day = Math.floor(now / dayMs)
  for (const runAt of [now + attachmentLimits.keptMs + dayMs, now + attachmentLimits.draftKeptMs + dayMs])
    await jobs.enqueue(tx, sweepTask, {}, { key: `${sweepTask}:${day}:${runAt - now}`, runAt })
  return id
}

// Two uploads begun at once must not both find room for the last.
const lock = (whose: string) => sql`select pg_advisory_xact_lock(hashtextextended(${`files ${whose}`}, 0))`

async function findBegun(tx: Tx, file: NewFile): Promise<string | undefined> {
  if (!file.fingerprint) return undefined
  const row = await tx
    .selectFrom('home.attachment')
    .select('id')
    .where('draft', '=', file.draft)
    .where('person', '=', file.person)
    .where('name', '=', file.name)
    .where('size', '=', file.size)
    .where('fingerprint', '=', file.fingerprint)
    .where('state', '=', 'receiving')
    .executeTakeFirst()
  return row?.id
}

/** @throws Refusal `files.too-many`, `files.draft-full`, `files.record-full`, `files.quota` */
export async function requireRoom(
  tx: Tx,
  { draft, person, size, record }: Pick<NewFile, 'draft' | 'person' | 'size' | 'record'>,
): Promise<void> {
  // What is kept with a record counts there and no longer for whoever brought it.
  const { rows } = await sql<{ files: number; draft_bytes: number; record_bytes: number; person_bytes: number }>`
    select count(*) filter (where draft = ${draft})::int as files,
      coalesce(sum(size) filter (where draft = ${draft}), 0)::bigint as draft_bytes,
      coalesce(sum(size) filter (where record = ${record ?? null}), 0)::bigint as record_bytes,
      coalesce(sum(size) filter (where person = ${person} and (record is null or state <> 'ready')), 0)::bigint
        as person_bytes
    from home.attachment where not signed and (draft = ${draft} or person = ${person} or record = ${record ?? null})`.execute(
    tx,
  )
  const held = rows[0]!
  if (held.files >= attachmentLimits.files) throw new Refusal('files.too-many', { limit: attachmentLimits.files })
  if (held.draft_bytes + size > attachmentLimits.draft)
    throw new Refusal('files.draft-full', { megabytes: megabytes(attachmentLimits.draft) })
  if (record !== undefined && held.record_bytes + size > attachmentLimits.record)
    throw new Refusal('files.record-full', { megabytes: megabytes(attachmentLimits.record) })
  if (held.person_bytes + size > attachmentLimits.person)
    throw new Refusal('files.quota', { megabytes: megabytes(attachmentLimits.person) })
}
