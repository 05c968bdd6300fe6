import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { limits, newId, saltBytes } from '../../protocol/index.ts'
import type { Marking } from '../../protocol/types.ts'
import type { ClockSource } from '../config/types.ts'
import type { Jobs } from '../module/types.ts'
import { Refusal } from '../http/refusal.ts'
import {
  appendStaged,
  beginStaged,
  digestStaged,
  findStaged,
  forgetStaged,
  readStaged,
  wholeStaged,
} from '../storage/index.ts'
import type { Db, Tx } from '../storage/types.ts'
import { plainName } from './formats/names.ts'
import { isClean, isStrippable, lookInto, stripFile } from './look-into.ts'
import type { AttachmentTable } from './tables.ts'
import type { Look } from './types.ts'

/** Limits a person meets. Bytes, files, ms. */
export const attachmentLimits = {
  file: limits.attachment,
  /** Of one piece of an upload. */
  piece: 4 * 1024 * 1024,
  /** Of all files of one draft together, so that every member can fetch them. */
  draft: 400 * 1024 * 1024,
  files: 20,
  /** What one person may have waiting in drafts. */
  person: 1024 * 1024 * 1024,
  /** An upload that nobody went on with, a file of a draft that was never saved. */
  keptMs: 48 * 3_600_000,
  /** Files of a saved draft that nobody touched. */
  draftKeptMs: 30 * 24 * 3_600_000,
  title: 200,
} as const

/** Name of the job that forgets what was abandoned; one for each day on which something was begun. */
export const sweepTask = 'attachments.sweep'
const dayMs = 24 * 3_600_000

type Row = Omit<AttachmentTable, 'marking' | 'findings' | 'place'> & {
  marking: Marking
  findings: Look['findings']
}

/** A file of a draft as its pages show it. */
export interface DraftFile extends Omit<Row, 'signed' | 'commitment' | 'fingerprint'> {
  /** Content bytes that are here. */
  have: number
}

export interface NewFile {
  draft: string
  person: string
  name: string
  title?: string
  marking: Marking
  size: number
  fingerprint?: string
}

/** Files of drafts: taken piece by piece, looked into, cleaned, kept until the act is signed. */
export type Attachments = ReturnType<typeof createAttachments>

export function createAttachments({ db, clock, jobs }: { db: Db; clock: ClockSource; jobs: Pick<Jobs, 'enqueue'> }) {
  async function get(draft: string, id: string): Promise<DraftFile> {
    const row = await db
      .selectFrom('home.attachment')
      .selectAll()
      .where('id', '=', id)
      .where('draft', '=', draft)
      .executeTakeFirst()
    if (!row) throw new Refusal('files.not-found')
    return asFile(row, await findStaged(db, id))
  }

  /**
   * Begins to take a file, or goes on with one that was begun: same draft, name, size and fingerprint.
   *
   * @throws Refusal `files.too-large`, `files.empty`, `files.too-many`, `files.quota`
   */
  async function begin(file: NewFile): Promise<DraftFile> {
    if (file.size > attachmentLimits.file)
      throw new Refusal('files.too-large', { megabytes: megabytes(attachmentLimits.file) })
    if (!(file.size > 0)) throw new Refusal('files.empty')
    const name = plainName(file.name)
    const id = await db.transaction().execute(async (tx) => {
      await lockPerson(file.person).execute(tx)
      const same = await findBegun(tx, { ...file, name })
      if (same) return same
      await requireRoom(tx, file)
      return insert(tx, { ...file, name })
    })
    return get(file.draft, id)
  }

  async function insert(tx: Tx, file: NewFile): Promise<string> {
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
    await get(draft, id)
    const now = clock.now()
    const staged = await db.transaction().execute(async (tx) => {
      const is = await appendStaged(tx, id, { at: at + saltBytes, bytes, now })
      await tx.updateTable('home.attachment').set({ touched_at: now }).where('id', '=', id).execute()
      return is
    })
    if (staged?.have !== at + saltBytes + bytes.byteLength)
      throw new Refusal('files.elsewhere', { have: (staged?.have ?? saltBytes) - saltBytes })
    return staged.have === staged.total ? finish(draft, id) : get(draft, id)
  }

  /** All is here: it is looked into once, whoever asks first. */
  async function finish(draft: string, id: string): Promise<DraftFile> {
    const file = await get(draft, id)
    if (file.state !== 'receiving' || file.have < file.size) return file
    const look = lookInto(file.name, await contentOf(id))
    const facts = await digestsOf(id)
    await db
      .updateTable('home.attachment')
      .set({ ...looked(look), ...facts, touched_at: clock.now() })
      .where('id', '=', id)
      .where('state', '=', 'receiving')
      .execute()
    return get(draft, id)
  }

  async function contentOf(id: string): Promise<Uint8Array> {
    return (await wholeStaged(db, id)).subarray(saltBytes)
  }

  async function digestsOf(id: string): Promise<{ hash: string; commitment: string }> {
    const digest = createHash('sha256')
    let skip = saltBytes
    for await (const piece of readStaged(db, id)) {
      digest.update(piece.subarray(skip))
      skip = 0
    }
    return { hash: digest.digest('base64url'), commitment: await digestStaged(db, id) }
  }

  /** Takes out what was found and can be; the file as it came is not kept. */
  async function strip(draft: string, id: string): Promise<DraftFile> {
    const file = await get(draft, id)
    if (file.state !== 'found') return file
    const clean = stripFile(file.name, await contentOf(id))
    if (!clean) {
      await refuseStripped(id)
      return get(draft, id)
    }
    const now = clock.now()
    await db.transaction().execute(async (tx) => {
      const row = await tx
        .selectFrom('home.attachment')
        .select('state')
        .where('id', '=', id)
        .forUpdate()
        .executeTakeFirst()
      if (row?.state !== 'found') return
      await forgetStaged(tx, id)
      await beginStaged(tx, { id, total: saltBytes + clean.bytes.length, now })
      await appendStaged(tx, id, { at: 0, bytes: randomBytes(saltBytes), now })
      await appendStaged(tx, id, { at: saltBytes, bytes: clean.bytes, now })
      await tx
        .updateTable('home.attachment')
        .set({ ...looked(clean.look), size: clean.bytes.length, state: 'receiving', touched_at: now })
        .where('id', '=', id)
        .execute()
    })
    return finish(draft, id)
  }

  async function refuseStripped(id: string): Promise<void> {
    const { findings } = await db
      .selectFrom('home.attachment')
      .select('findings')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const refused = findings.map((one) => (one.grade === 'strip' ? { ...one, grade: 'refuse' as const } : one))
    await db
      .updateTable('home.attachment')
      .set({ state: 'refused', findings: JSON.stringify(refused) })
      .where('id', '=', id)
      .where('state', '=', 'found')
      .execute()
  }

  return {
    begin,
    get,
    append,
    strip,

    /** The same in one call, for a file that is at hand. */
    async add(file: Omit<NewFile, 'size'> & { content: Uint8Array }): Promise<DraftFile> {
      const begun = await begin({ ...file, size: file.content.byteLength })
      return append(file.draft, begun.id, { at: 0, bytes: file.content })
    },

    /** Files of a draft in the order they came. */
    async list(draft: string): Promise<DraftFile[]> {
      const rows = await db
        .selectFrom('home.attachment')
        .selectAll()
        .where('draft', '=', draft)
        .where('signed', '=', false)
        .orderBy('place')
        .execute()
      return Promise.all(rows.map(async (row) => asFile(row, await findStaged(db, row.id))))
    },

    /** Another title or marking. */
    async describe(draft: string, id: string, said: { title: string; marking: Marking }): Promise<void> {
      await get(draft, id)
      await db
        .updateTable('home.attachment')
        .set({ title: said.title.trim().slice(0, attachmentLimits.title), marking: JSON.stringify(said.marking) })
        .where('id', '=', id)
        .where('signed', '=', false)
        .execute()
    },

    async remove(draft: string, id: string): Promise<void> {
      await db.transaction().execute(async (tx) => {
        const gone = await tx
          .deleteFrom('home.attachment')
          .where('id', '=', id)
          .where('draft', '=', draft)
          .where('signed', '=', false)
          .returning('id')
          .execute()
        if (gone.length > 0) await forgetStaged(tx, id)
      })
    },

    /** Forgets uploads that nobody went on with, and files of drafts that were never saved or were thrown away. */
    async sweep(): Promise<number> {
      const before = clock.now() - attachmentLimits.keptMs
      // Row and bytes together: bytes without a row would be found by nobody again.
      return db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ id: string }>`
          delete from home.attachment a where not signed and touched_at < ${before}
            and (state in ('receiving', 'refused')
              or not exists (select from home.draft d where d.id = a.draft and d.state <> 'discarded'))
          returning id`.execute(tx)
        for (const { id } of rows) await forgetStaged(tx, id)
        return rows.length
      })
    },
  }
}

const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)

function looked(look: Look): {
  state: AttachmentTable['state']
  format: Look['format']
  media: string
  findings: string
} {
  const state = isClean(look) ? 'ready' : isStrippable(look) ? 'found' : 'refused'
  return { state, format: look.format, media: look.media, findings: JSON.stringify(look.findings) }
}

function asFile(
  { signed: _, commitment: __, fingerprint: ___, ...row }: Row,
  staged: { have: number } | undefined,
): DraftFile {
  return { ...row, have: staged ? staged.have - saltBytes : row.size }
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
