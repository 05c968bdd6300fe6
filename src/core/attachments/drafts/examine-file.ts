import { createHash, randomBytes } from 'node:crypto'
import { saltBytes } from '../../../protocol/index.ts'
import { appendStaged, beginStaged, forgetStaged, readStaged } from '../../storage/index.ts'
import type { Db } from '../../storage/types.ts'
import { textKindOf } from '../formats/names.ts'
import { isClean, isStrippable, isTooCostly, rulesVersion, type Stripped, withName } from '../look-into.ts'
import type { FileAtHand } from '../looking/create-looker.ts'
import { costlyKeptMs } from '../looking/part-looks.ts'
import type { AttachmentTable } from '../tables.ts'
import type { Finding, Look } from '../types.ts'
import type { DraftFile, DraftFilesContext } from './draft-file.ts'

/** Looks into a file that is here whole, and settles whether it goes with its draft. Another run finds it done. */
export async function examineFile(context: DraftFilesContext, file: DraftFile): Promise<void> {
  const { db, clock } = context
  const digests = await digestsOf(db, file.id)
  const look = (await remembered(context, file, digests.hash)) ?? (await context.looker.look(atHand(db, file)))
  await db
    .updateTable('home.attachment')
    .set({ ...looked(withName(file.name, look)), ...digests, touched_at: clock.now() })
    .where('id', '=', file.id)
    .where('signed', '=', false)
    .where('rules', '!=', rulesVersion)
    .execute()
}

/** What was found when the same bytes were here before; names are judged anew each time. */
async function remembered(
  { db, clock }: DraftFilesContext,
  { id, name }: DraftFile,
  hash: string,
): Promise<Look | undefined> {
  const rows = await db
    .selectFrom('home.attachment')
    .select(['name', 'format', 'media', 'findings', 'touched_at'])
    .where('hash', '=', hash)
    .where('rules', '=', rulesVersion)
    .where('signed', '=', false)
    .where('id', '!=', id)
    .orderBy('place', 'desc')
    .limit(20)
    .execute()
  const same = rows.find(
    (row) =>
      textKindOf(row.name) === textKindOf(name) && (!isTooCostly(row) || row.touched_at + costlyKeptMs >= clock.now()),
  )
  if (!same?.format || same.media === null) return undefined
  const look = { format: same.format, media: same.media, findings: same.findings }
  const ofName = withName(same.name, { ...look, findings: [] }).findings.length
  return { ...look, findings: look.findings.slice(ofName) }
}

/** Takes out what was found and can be; the file as it came is not kept. Looked into again, or refused. */
export async function stripDraftFile(context: DraftFilesContext, file: DraftFile): Promise<void> {
  const clean = await context.looker.strip(atHand(context.db, file))
  if (clean) await replace(context, file, clean)
  else await refuse(context.db, file)
}

async function replace(
  { db, clock }: DraftFilesContext,
  { id, findings, hash }: DraftFile,
  clean: Stripped,
): Promise<void> {
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
    const digests = await digestsOf(tx, id)
    const cleaned = JSON.stringify(takenOut(findings))
    await tx
      .updateTable('home.attachment')
      .set({ ...looked(clean.look), ...digests, cleaned, came_as: hash, size: clean.bytes.length, touched_at: now })
      .where('id', '=', id)
      .execute()
  })
}

/** Which kinds of thing were taken out; the words themselves are gone with them. */
const takenOut = (findings: readonly Finding[]): Finding[] =>
  findings
    .filter(({ grade }) => grade === 'strip')
    .map(({ code, grade, count }) => ({ code, grade, ...(count !== undefined && { count }) }))

async function refuse(db: Db, { id, findings }: DraftFile): Promise<void> {
  const refused = findings.map((one) => (one.grade === 'strip' ? { ...one, grade: 'refuse' as const } : one))
  await db
    .updateTable('home.attachment')
    .set({ state: 'refused', findings: JSON.stringify(refused) })
    .where('id', '=', id)
    .where('state', '=', 'found')
    .execute()
}

const atHand = (db: Db, { id, name, size }: DraftFile): FileAtHand => ({
  name,
  size,
  async *read() {
    let skip: number = saltBytes
    for await (const piece of readStaged(db, id)) {
      yield piece.subarray(skip)
      skip = 0
    }
  },
})

/** Of the content alone, and of salt and content: the commitment it will have. */
async function digestsOf(
  db: Parameters<typeof readStaged>[0],
  id: string,
): Promise<{ hash: string; commitment: string }> {
  const [content, salted] = [createHash('sha256'), createHash('sha256')]
  let skip: number = saltBytes
  for await (const piece of readStaged(db, id)) {
    content.update(piece.subarray(skip))
    salted.update(piece)
    skip = 0
  }
  return { hash: content.digest('base64url'), commitment: salted.digest('base64url') }
}

function looked(look: Look): {
  state: AttachmentTable['state']
  format: Look['format']
  media: string
  findings: string
  rules: number
} {
  const state = isClean(look) ? 'ready' : isStrippable(look) ? 'found' : 'refused'
  return { state, format: look.format, media: look.media, findings: JSON.stringify(look.findings), rules: rulesVersion }
}
