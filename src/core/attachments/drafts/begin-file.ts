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
}

const dayMs = 24 * 3_600_000

/**
 * Begins to take a file, or goes on with one that was begun: same draft, name, size and fingerprint. Returns its id.
 *
 * @throws Refusal `files.too-large`, `files.empty`, `files.too-many`, `files.quota`
 */
export async function beginFile(context: DraftFilesContext, file: NewFile): Promise<string> {
  if (file.size > attachmentLimits.file)
    throw new Refusal('files.too-large', { megabytes: megabytes(attachmentLimits.file) })
  if (!(file.size > 0)) throw new Refusal('files.empty')
  const named = { ...file, name: plainName(file.name) }
  return context.db.transaction().execute(async (tx) => {
    await lockPerson(file.person).execute(tx)
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
const lockPerson = (person: string) => sql`select pg_advisory_xact_lock(hashtextextended(${`files ${person}`}, 0))`

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

async function requireRoom(tx: Tx, { draft, person, size }: NewFile): Promise<void> {
  const { rows } = await sql<{ files: number; draft_bytes: number; person_bytes: number }>`
    select count(*) filter (where draft = ${draft})::int as files,
      coalesce(sum(size) filter (where draft = ${draft}), 0)::bigint as draft_bytes,
      coalesce(sum(size) filter (where person = ${person}), 0)::bigint as person_bytes
    from home.attachment where not signed and (draft = ${draft} or person = ${person})`.execute(tx)
  const held = rows[0]!
  if (held.files >= attachmentLimits.files) throw new Refusal('files.too-many', { limit: attachmentLimits.files })
  if (held.draft_bytes + size > attachmentLimits.draft)
    throw new Refusal('files.draft-full', { megabytes: megabytes(attachmentLimits.draft) })
  if (held.person_bytes + size > attachmentLimits.person)
    throw new Refusal('files.quota', { megabytes: megabytes(attachmentLimits.person) })
}
